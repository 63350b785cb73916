// Every page works without this file. It adds: focus on the error summary and after the skip link, no double sending
// of a form and the folding menu on narrow screens.
import { Button, ErrorSummary, ServiceNavigation, SkipLink, createAll } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, ServiceNavigation, SkipLink]) {
  createAll(component);
}
