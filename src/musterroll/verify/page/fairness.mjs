export class Statistics { add() {} }
export async function checkFairness(context, drawn, report) { if (drawn.folder.has("fairness.json")) report.notChecked("fairness.notChecked"); }
