/** The image that the tasks run. The deployment writes its new tag into this line: see .github/workflows/dags.yml. */
export const image = "busybox:1.36";
