/// A build without statistics, as a bundler writes it: an entry with one chunk beside it.
enum CodeBuild {
  static let entry = """
    var stall;(()=>{var e={396:(e,t,r)=>{var n={"./Fruit":()=>r.e(37).then((()=>()=>r(2)))},o=(e,t)=>(t=r.o(n,e)\
    ?n[e]():Promise.resolve().then((()=>{throw new Error('Module "'+e+'" does not exist in container.')})),t);\
    r.d(t,{get:()=>o})}};function r(t){return e[t]}r.m=e,r.d=(e,t)=>{},r.f={},r.e=e=>1,r.u=e=>e+".js",r.o=(e,t)=>1,\
    r.p="",(()=>{var e={41:0};r.f.j=(t,n)=>{n.push(e[t])};var t=self.webpackChunkstall=self.webpackChunkstall||[]})();\
    stall=r(396)})();
    """

  /// The chunk, with `part` in its only module.
  static func chunk(_ part: String) -> String {
    "(self.webpackChunkstall=self.webpackChunkstall||[]).push([[37],{2:(e,t,n)=>{\(part)}}]);"
  }
}
