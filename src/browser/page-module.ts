// Entry of lark-jsapi.mjs, for `import` from the signer: the module without web components, to stay as small as the script.
export { create, isInLark, LarkJsapiError } from './module';
