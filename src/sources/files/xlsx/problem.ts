/** Why a workbook cannot be used; caught where it is opened, and told as data. */
export class WorkbookProblem extends Error {}
