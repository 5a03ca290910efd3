/** Where the lab's webhook sink listens inside the platform's namespace. */
export const SINK_PORT = 4749
