// Every page works without this file. It adds: focus on the error summary and after the skip link, no double sending
// of a form, the folding menu on narrow screens, and fields that appear under a chosen answer.
import { Button, ErrorSummary, Radios, ServiceNavigation, SkipLink, createAll } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}
