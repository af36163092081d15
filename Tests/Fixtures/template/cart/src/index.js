// What the page or process starts with: everything that is shared loads behind this import.
export default (...given) => import('./boot').then((boot) => boot.default(...given));
export const shareScopes = __webpack_share_scopes__;
