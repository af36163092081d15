import start from './index';

// The page's language and promotion: index.html#de,cart
start(...(location.hash.slice(1) || 'en').split(','));
