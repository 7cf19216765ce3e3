/** The real three.js, with its types. */
// @ts-types="@types/three"
export * as THREE from "three";
// @ts-types="@types/three/examples/jsm/loaders/GLTFLoader.js"
export { type GLTF, GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
