/** Whether the browser may take seconds after its start to answer what the policy sets. Firefox has read its file by then. */
export const isPolicyLate: boolean = false;
