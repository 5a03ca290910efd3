export const NAV_COOKIE = 'nav'
