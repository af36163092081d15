/// Entries in the shapes that bundlers of every age write, cut down to what is read: written by
/// hand, none of them a build.
enum EntrySnippets {
  /// webpack before 5.93, minified: twelve load functions, told apart by what they call.
  static let minified = """
    var shop;(()=>{"use strict";var e,t,r,n={130:(e,t,r)=>{var n={"./Cart":()=>Promise.all([r.e(28),r.e(84)])\
    .then((()=>()=>r(84))),"./Total":()=>r.e(35).then((()=>()=>r(35)))},o=(e,t)=>(r.R=t,t=r.o(n,e)?n[e]():\
    Promise.resolve().then((()=>{throw new Error('Module "'+e+'" does not exist in container.')})),r.R=void 0,t),\
    i=(e,t)=>{if(r.S){var n="default",o=r.S[n];return r.S[n]=e,r.I(n,t)}};r.d(t,{get:()=>o,init:()=>i})},\
    16:(e,t,r)=>{var n=new Error;e.exports=new Promise(((e,t)=>{r.l("/catalog/remoteEntry.js",(r=>{t(n)}),"catalog")}))\
    .then((()=>catalog))}},o={};function i(e){var t=o[e];return n[e](t,t.exports,i),t.exports}i.m=n,i.c=o,\
    i.d=(e,t)=>{},i.f={},i.e=e=>Promise.all([]),i.u=e=>(35===e?"total":e)+"."+{28:"aa",35:"bb",73:"cc"}[e]+".js",\
    i.miniCssF=e=>"css/"+e+".css",i.o=(e,t)=>1,e={},t="unique-shop:",\
    i.l=(r,n,o)=>{a.getAttribute("data-webpack")==t+o},(()=>{i.S={};var e={},t={};i.I=(r,n)=>{var a=i.S[r],\
    s="unique-shop",u=(e,t,r,n)=>{(a[e]=a[e]||{})[t]={get:r,from:s,eager:!!n}},l=e=>{},f=[];\
    return"default"===r?(u("price","1.7.7",(()=>i.e(73).then((()=>()=>i(73))))),\
    u("react","18.1.0",(()=>()=>i(9)),1),l(16)):"other"===r&&u("price","2.0.0",(()=>i.e(73).then((()=>()=>i(74))))),\
    f.length?e[r]=Promise.all(f):e[r]=1}})(),(()=>{var e;var t=i.g.document;\
    if(!e)throw new Error("Automatic publicPath is not supported in this browser");e=e.replace(/#.*$/,""),i.p=e})(),\
    (()=>{var e=e=>{for(var t=0,u=1;;)return u},t=(t,r)=>e(r),r=(r,n)=>{for(var u,l=0;;)if(u)return t(u,l)},\
    o=e=>(e.loaded=1,e.get()),n=(e,t)=>{var n=e[t];return Object.keys(n).reduce(((e,t)=>!e||!n[e].loaded&&r(e,t)?t:e),0)},\
    a=(e,t,a,s)=>{var u=n(e,a);return r(s,u)||"undefined"!=typeof console&&console.warn&&console.warn(u),o(e[a][u])},\
    s=e=>function(t,r,n,o){var a=i.I(t);return a&&a.then?a.then(e.bind(e,t,i.S[t],r,n,o)):e(t,i.S[t],r,n,o)},\
    u=s(((e,t,r,n,o)=>t&&i.o(t,r)?a(t,0,r,n):o())),\
    l=s(((e,t,n,a,u)=>{var l=t&&i.o(t,n)&&((e,t,n)=>{var o=e[t];return o[r(n,t)]})(t,n,a);return l?o(l):u()})),\
    f=s(((e,t,r)=>{if(!i.o(t,r))throw new Error(r);return o(t[r][n(t,r)])})),\
    d={},c={28:()=>u("default","react",[1,18],(()=>()=>i(9))),73:()=>l("default","price",[,[-1,2],[0,1,0,0],2],\
    (()=>i.e(73).then((()=>()=>i(73))))),5:()=>f("default","lodash")},p={28:[28,5],84:[73]};i.f.consumes=(e,t)=>{}})(),\
    (()=>{var e={84:[75]},t={75:["default","./Item",16]};i.f.remotes=(e,t)=>{}})(),\
    (()=>{var e={77:0};i.f.j=(t,r)=>{var n=e[t];if(0!==n)if(n)r.push(n[2]);else if(/^(28|84)$/.test(t))e[t]=0;\
    else{var o=new Promise(((r,o)=>n=e[t]=[r,o]))}};var t=self.webpackChunkunique_shop=self.webpackChunkunique_shop||[]})(),\
    i.f.miniCss=(e,t)=>{({35:1})[e]&&t.push(e)};var a=i(130);shop=a})();
    """

  /// webpack from 5.93 on with terser's second pass: the only registration written out in place,
  /// the load function eager, the package in the entry.
  static let inlined = """
    var basket;(()=>{var e,t={396:(e,t,r)=>{var n={"./Module":()=>Promise.all([r.e(429),r.e(379)])\
    .then((()=>()=>r(2379)))},o=(e,t)=>(t=r.o(n,e)?n[e]():Promise.resolve().then((()=>{throw new Error(\
    'Module "'+e+'" does not exist in container.')})),t);r.d(t,{get:()=>o})}},S={};function _(e){return t[e]}\
    _.m=t,_.d=(e,t)=>{},_.f={},_.e=e=>1,_.u=e=>e+".js",_.o=(e,t)=>1,(()=>{_.S={};_.I=(r,n)=>{var u=_.S[r],a="basket",i=[];\
    return"default"===r&&((e,t)=>{var r=u[e]=u[e]||{},n=r[t];(!n||!n.loaded&&(0!=!n.eager||a>n.from))\
    &&(r[t]={get:()=>()=>_(6540),from:a,eager:!0})})("react","18.3.1"),1}})(),_.p="https://cdn.example/basket/",\
    p=e=>{console.warn(e)},i=e=>(e.loaded=1,e.get()),l=(e,t)=>Object.keys(e).reduce(((e,t)=>!e[t].loaded),0),\
    h=(e=>function(t,r,n,o,u){return e(t,_.S[t],r,n,o,u)})(((e,t,r,n,o,c)=>{var s=l(t,r);return s||p(s),i(t[r][s])})),\
    v={2769:()=>h("default","react",!0,[1,18,2,0],(()=>()=>_(6540)))},m={379:[2769]},_.f.consumes=(e,t)=>{},\
    (()=>{var e={416:0};_.f.j=(t,r)=>{r.push(e[t])};var r=self.webpackChunkbasket=self.webpackChunkbasket||[]})();\
    var w=_(396);basket=w})();
    """

  /// A development build: the tables plain, the modules texts.
  static let evaluated = #"""
    /* banner */
    module.exports =
    /******/ (() => {
    /******/ 	var __webpack_modules__ = ({
    /***/ "webpack/container/entry/garden":
    /***/ ((__unused_webpack_module, exports, __webpack_require__) => {

    eval("var moduleMap = {\n\t\"./Tree\": () => {\n\t\treturn __webpack_require__.e(\"src_Tree_js\").then(() => (() => ((__webpack_require__(/*! ./src/Tree.js */ \"./src/Tree.js\")))));\n\t}\n};\nvar get = (module, getScope) => {\n\tgetScope = (\n\t\t__webpack_require__.o(moduleMap, module)\n\t\t\t? moduleMap[module]()\n\t\t\t: Promise.resolve().then(() => {\n\t\t\t\tthrow new Error('Module \"' + module + '\" does not exist in container.');\n\t\t\t})\n\t);\n};\nvar init = (shareScope, initScope) => {\n\tvar name = \"green\"\n\tvar oldScope = __webpack_require__.S[name];\n};\n//# sourceURL=webpack://garden/container_entry?");

    /***/ }),

    /***/ "webpack/container/reference/shed":
    /***/ ((module) => {

    eval("module.exports = require(\"shed\");\n\n//# sourceURL=webpack://garden/external_%22shed%22?");

    /***/ })
    /******/ 	});
    /******/ 	__webpack_require__.m = __webpack_modules__;
    /******/ 	__webpack_require__.f = {};
    /******/ 	__webpack_require__.e = (chunkId) => { return 1; };
    /******/ 	/* webpack/runtime/get javascript chunk filename */
    /******/ 	(() => {
    /******/ 		__webpack_require__.u = (chunkId) => {
    /******/ 			// return url for filenames not based on template
    /******/ 			if (chunkId === "src_Leaf_js") return "leaf.js";
    /******/ 			// return url for filenames based on template
    /******/ 			return "js/" + chunkId + ".js";
    /******/ 		};
    /******/ 	})();
    /******/ 	(() => {
    /******/ 		var chunkMapping = {
    /******/ 			"src_Tree_js": [
    /******/ 				"webpack/container/remote/shed/Tool"
    /******/ 			]
    /******/ 		};
    /******/ 		var idToExternalAndNameMapping = {
    /******/ 			"webpack/container/remote/shed/Tool": [
    /******/ 				"green",
    /******/ 				"./Tool",
    /******/ 				"webpack/container/reference/shed"
    /******/ 			]
    /******/ 		};
    /******/ 		__webpack_require__.f.remotes = (chunkId, promises) => {}
    /******/ 	})();
    /******/ 	(() => {
    /******/ 		__webpack_require__.S = {};
    /******/ 		__webpack_require__.I = (name, initScope) => {
    /******/ 			var uniqueName = "garden-1";
    /******/ 			var register = (name, version, factory, eager) => {
    /******/ 				if(!activeVersion) versions[version] = { get: factory, from: uniqueName, eager: !!eager };
    /******/ 			};
    /******/ 			switch(name) {
    /******/ 				case "green": {
    /******/ 					register("soil", "0", () => (__webpack_require__.e("vendors-soil").then(() => (() => (__webpack_require__("./soil.js"))))));
    /******/ 					initExternal("webpack/container/reference/shed");
    /******/ 				}
    /******/ 				break;
    /******/ 			}
    /******/ 		};
    /******/ 	})();
    /******/ 	__webpack_require__.p = "";
    /******/ 	(() => {
    /******/ 		var installedChunks = {
    /******/ 			"garden": 0
    /******/ 		};
    /******/ 		__webpack_require__.f.readFileVm = function(chunkId, promises) {
    /******/ 			if(installedChunkData !== 0) {
    /******/ 				if("webpack_sharing" != chunkId) {
    /******/ 					var filename = require('path').join(__dirname, "" + __webpack_require__.u(chunkId));
    /******/ 				} else installedChunks[chunkId] = 0;
    /******/ 			}
    /******/ 		};
    /******/ 	})();
    /******/ 	return __webpack_require__("webpack/container/entry/garden");
    /******/ })()
    ;
    """#

  /// Angular before 5.93, minified by esbuild: a module whose scripts are modules, too.
  static let angular = """
    var k={546:(i,d,l)=>{var s={"./Module":()=>l.e(165).then(()=>()=>l(165))},b=(f,w)=>(l.R=w,w=l.o(s,f)?s[f]():\
    Promise.resolve().then(()=>{throw new Error('Module "'+f+'" does not exist in container.')}),l.R=void 0,w),\
    c=(f,w)=>{if(l.S){var p="default";return l.S[p]=f,l.I(p,w)}};l.d(d,{get:()=>b,init:()=>c})}},$={};function a(i){\
    var l=$[i]={exports:{}};return k[i](l,l.exports,a),l.exports}a.m=k,a.c=$,a.d=(i,d)=>{},a.f={},a.e=i=>Promise.all([]),\
    a.u=i=>i+"."+{165:"8e",256:"ef"}[i]+".js",a.miniCssF=i=>{},a.o=(i,d)=>1,(()=>{var i={},d="orchard:";a.l=(l,s,b,c)=>{\
    var f,g;if(g.getAttribute("data-webpack")==d+b)f=g;f.type="module"}})(),(()=>{a.S={};var i={},d={};a.I=(l,s)=>{\
    var c=a.S[l],w="orchard",p=(m,C,x,E)=>{var S=c[m]=c[m]||{},h=S[C];(!h||!h.loaded&&(!E!=!h.eager?E:w>h.from))&&\
    (S[C]={get:x,from:w,eager:!!E})},g=[];return"default"===l&&p("@angular/core","13.3.5",()=>a.e(256).then(()=>()=>\
    a(256))),1}})(),(()=>{var i;if("string"==typeof import.meta.url&&(i=import.meta.url),!i)throw new Error("Automatic \
    publicPath is not supported in this browser");i=i.replace(/#.*$/,""),a.p=i})(),(()=>{var i=e=>e,s=(e,t)=>e<t,\
    f=(e,t)=>{var r=e[t];return Object.keys(r).reduce((n,o)=>!n||!r[n].loaded&&((e,t)=>i(e)<i(t))(n,o)?o:n,0)},\
    g=(e,t,r,n)=>{var o=f(e,r);if(!s(n,o))throw new Error("Unsatisfied version "+o);return S(e[r][o])},S=e=>(e.loaded=1,\
    e.get()),A=(e=>function(t,r,n,o){var u=a.I(t);return e(t,a.S[t],r,n,o)})((e,t,r,n,o)=>t&&a.o(t,r)?g(t,0,r,n):o()),\
    M={},z={230:()=>A("default","@angular/core",[2,13,3,0],()=>a.e(256).then(()=>()=>a(256)))},L={165:[230]};\
    a.f.consumes=(e,t)=>{}})(),(()=>{var i={291:0};a.f.j=(s,b)=>{var c=i[s];b.push(c[2])};var l=self.webpackChunkorchard=\
    self.webpackChunkorchard||[]})();var U=a(546),R=U.get,B=U.init;export{R as get,B as init};
    """

  /// rspack with the runtime of Module Federation 2.
  static let rspack = """
    var market;(()=>{var __webpack_modules__={549(e,t,r){r.initContainerEntry()},12(e,t,r){e.exports=new Promise((e,t)=>{\
    r.l("https://x.example/stall/remoteEntry.js",e,"stall")}).then(()=>stall)}};\
    __webpack_require__.m=__webpack_modules__,(()=>{__webpack_require__.d=(e,t)=>{},__webpack_require__.f={},\
    __webpack_require__.e=e=>1})(),\
    (()=>{__webpack_require__.u=e=>"static/js/async/"+({361:"lib",681:"expose_Home"})[e]+"."+({361:"33",681:"3c"})[e]+".js"})(),\
    (()=>{__webpack_require__.miniCssF=e=>"static/css/expose_Home.4f.css"})(),\
    (()=>{var r=function(r){},n={281:0};__webpack_require__.f.miniCss=function(e,t){var o={681:1};t.push(o[e])}})(),\
    (()=>{__webpack_require__.initializeExposesData={moduleMap:{"./Home":()=>Promise.all([__webpack_require__.e("361"),\
    __webpack_require__.e("681")]).then(()=>()=>__webpack_require__(544))},shareScope:"default"}})(),\
    (()=>{__webpack_require__.initializeSharingData={scopeToSharingDataMapping:{"default":[{name:"react",version:"18.2.0",\
    factory:()=>__webpack_require__.e("361").then(()=>()=>__webpack_require__(9)),eager:0,singleton:1,requiredVersion:"^18.0.0"},12]},\
    uniqueName:"market-1"}})(),\
    (()=>{__webpack_require__.consumesLoadingData={chunkMapping:{"681":["97"]},moduleIdToConsumeDataMapping:{"97":\
    {shareScope:"default",shareKey:"react",import:"react",requiredVersion:"^18.0.0",strictVersion:!1,singleton:!0,eager:!1,\
    fallback:()=>__webpack_require__.e("361").then(()=>()=>__webpack_require__(9))}},initialConsumes:[]}})(),\
    (()=>{__webpack_require__.remotesLoadingData={chunkMapping:{"681":["55"]},moduleIdToRemoteDataMapping:{"55":\
    {shareScope:"default",name:"./Fruit",externalModuleId:12,remoteName:"stall"}}}})(),\
    (()=>{var e={281:0};__webpack_require__.f.j=function(t,r){var n=__webpack_require__.p+__webpack_require__.u(t)};\
    var r=self.chunk_market=self.chunk_market||[]})(),__webpack_require__.p="/";var __webpack_exports__={};\
    (()=>{let _="market",y="loaded-first",E=(e,t,r)=>{};\
    E(__webpack_require__.federation.initOptions,"name",()=>_),E(__webpack_require__.federation.initOptions,"shareStrategy",()=>y);\
    throw Error('Module "'+e+'" does not exist in container.')})(),market=__webpack_exports__})();
    """

  /// webpack with the runtime of Module Federation 2.
  static let federation2 = """
    var plaza;(()=>{var e={7:(e,t,r)=>{var n={"./Tile":()=>r.e("tile").then(()=>()=>r(3))},o=(e,t)=>(t=r.o(n,e)?n[e]():\
    Promise.resolve().then(()=>{throw new Error(`Module "${e}" does not exist in container.`)}),t),\
    i=(e,t,n)=>r.federation.bundlerRuntime.initContainerEntry({shareScope:e,shareScopeKey:"default"});\
    r.d(t,{get:()=>o,init:()=>i})},8:e=>{e.exports=window.tower}},t={};function r(t){return e[t]}r.m=e,r.d=(e,t)=>{},r.f={},r.e=e=>1,\
    r.u=e=>e+".js",r.o=(e,t)=>1,r.federation||(r.federation={initOptions:{name:"plaza",remotes:[],shareStrategy:"version-first"},\
    chunkMatcher:e=>!0,bundlerRuntimeOptions:{}}),r.federation.initOptions.shared={"vue":[{version:"3.4.0",\
    get:()=>r.e("vue").then(()=>()=>r(5)),scope:["default"],shareConfig:{eager:!1,requiredVersion:"^3.3.0",singleton:!0}}]},\
    r.S={},r.I=(e,t)=>r.federation.bundlerRuntime.I({}),r.p="auto/";\
    var a={21:{getter:()=>r.e("vue").then(()=>()=>r(5)),shareInfo:{shareConfig:{fixedDependencies:!1,requiredVersion:"^3.3.0",\
    strictVersion:!0,singleton:!0,eager:!1},scope:["default"]},shareKey:"vue"}},s={tile:["21"]};\
    r.f.consumes=(e,t)=>{r.federation.bundlerRuntime.consumes({chunkMapping:s,moduleToHandlerMapping:a})};\
    var u={tile:["31"]},l={31:["default","./Bell",8]},c={31:[{externalType:"window",name:"",externalModuleId:8}]};\
    r.federation.bundlerRuntimeOptions.remotes={idToRemoteMap:c,chunkMapping:u,idToExternalAndNameMapping:l};\
    (()=>{var e={plaza:0};r.f.j=(t,n)=>{n.push(e[t])};var t=self.webpackChunkplaza=self.webpackChunkplaza||[]})();plaza=r(7)})();
    """

  /// Vite's federation plugin, unminified as it writes it.
  static let vite = """
    const currentImports = {};
    let moduleMap = {
    "./Page":()=>{
      dynamicLoadingCss(["style-B60.css"], false, './Page');
      return __federation_import('./__federation_expose_Page-Dc.js').then(module => () => module)},
    "./Gone":()=>{
      dynamicLoadingCss([], false, './Gone');
      return __federation_import('${__federation_expose_./Gone}').then(module => () => module)},};
    const dynamicLoadingCss = (cssFilePaths) => {
      const base = '/';
      const key = 'css__quay__' + exposeItemName;
    };
    async function __federation_import(name) { currentImports[name] ??= import(name); }
    const get =(module) => {
      if(!moduleMap[module]) throw new Error('Can not find remote module ' + module)
      return moduleMap[module]();
    };
    const init =(shareScope) => {};

    export { dynamicLoadingCss, get, init };
    """
}
