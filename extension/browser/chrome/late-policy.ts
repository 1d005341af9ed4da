/** Whether the browser may take seconds after its start to answer what the policy sets. Chrome waits for its policy service. */
export const isPolicyLate: boolean = true;
