const hex = (id: string): string => id.slice(id.indexOf('_') + 1).replaceAll('-', '')

/** True for the same object, whether its id is written with prefix or as a uuid. */
export const sameId = (left: string, right: string): boolean => hex(left) === hex(right)
