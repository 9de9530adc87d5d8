// The views of a film, apart from the film: the command line names them before it loads what draws.

/** What a film can show. */
export const FILM_VIEWS = ["lineage", "architecture", "transfer", "pareto"] as const;
export type FilmView = (typeof FILM_VIEWS)[number];
