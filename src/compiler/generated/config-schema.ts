// Made from schemas/config.schema.json by scripts/precompile-config-schema.mjs. DO NOT EDIT.
// biome-ignore-all lint: printed by ajv
// biome-ignore-all format: printed by ajv
// biome-ignore-all assist: printed by ajv
// @ts-nocheck
/** Whether a value is a project file. */
export const validateConfig: ValidateConfig = validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","title":"rpcgen project file","description":"What rpcgen generate does without arguments. Paths are relative to this file.","type":"object","additionalProperties":false,"patternProperties":{"^x-":{"description":"Yours: rpcgen ignores keys that start with x-."}},"properties":{"inputs":{"description":"The service definitions: files, folders (every .yaml and .yml file in them) and globs. One that begins with ! takes files away again.","type":"array","minItems":1,"items":{"type":"string","minLength":1},"examples":[["schemas"],["services/**/*.yaml","!services/drafts"]]},"out":{"description":"The folder for generated code, with one folder in it for each service. Files that rpcgen did not write are left alone.","type":"string","minLength":1,"examples":["src/generated"]},"runtime":{"description":"The package from which generated code imports the runtime.","type":"string","minLength":1,"default":"@rpcgen/runtime"},"importExtension":{"description":"What relative imports in generated code end in: .js as Node.js wants it, .ts for programs that run their sources, nothing for bundlers.","enum":[".js",".ts",""],"default":".js"},"templates":{"description":"A folder with templates that replace rpcgen's own, one file or one partial at a time: rpcapi.ts.hbs, partials/doc.hbs.","type":"string","minLength":1,"examples":["templates"]},"objectPrefix":{"description":"The prefix of the envelope's keys of versioned objects that name none. OpenStack's nova uses nova_object.","type":"string","pattern":"^[A-Za-z_][A-Za-z0-9_]*$","default":"versioned_object"}}};
const pattern0 = new RegExp("^x-", "u");
const pattern1 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "inputs") || (key0 === "out")) || (key0 === "runtime")) || (key0 === "importExtension")) || (key0 === "templates")) || (key0 === "objectPrefix")) || (pattern0.test(key0)))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.inputs !== undefined){
let data0 = data.inputs;
if(Array.isArray(data0)){
if(data0.length < 1){
const err1 = {instancePath:instancePath+"/inputs",schemaPath:"#/properties/inputs/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 === "string"){
if(data1.length < 1){
const err2 = {instancePath:instancePath+"/inputs/" + i0,schemaPath:"#/properties/inputs/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/inputs/" + i0,schemaPath:"#/properties/inputs/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath:instancePath+"/inputs",schemaPath:"#/properties/inputs/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.out !== undefined){
let data2 = data.out;
if(typeof data2 === "string"){
if(data2.length < 1){
const err5 = {instancePath:instancePath+"/out",schemaPath:"#/properties/out/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/out",schemaPath:"#/properties/out/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.runtime !== undefined){
let data3 = data.runtime;
if(typeof data3 === "string"){
if(data3.length < 1){
const err7 = {instancePath:instancePath+"/runtime",schemaPath:"#/properties/runtime/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/runtime",schemaPath:"#/properties/runtime/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.importExtension !== undefined){
let data4 = data.importExtension;
if(!(((data4 === ".js") || (data4 === ".ts")) || (data4 === ""))){
const err9 = {instancePath:instancePath+"/importExtension",schemaPath:"#/properties/importExtension/enum",keyword:"enum",params:{allowedValues: schema11.properties.importExtension.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.templates !== undefined){
let data5 = data.templates;
if(typeof data5 === "string"){
if(data5.length < 1){
const err10 = {instancePath:instancePath+"/templates",schemaPath:"#/properties/templates/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/templates",schemaPath:"#/properties/templates/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.objectPrefix !== undefined){
let data6 = data.objectPrefix;
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
const err12 = {instancePath:instancePath+"/objectPrefix",schemaPath:"#/properties/objectPrefix/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},message:"must match pattern \""+"^[A-Za-z_][A-Za-z0-9_]*$"+"\""};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/objectPrefix",schemaPath:"#/properties/objectPrefix/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

/** A function that ajv printed, with what it found. */
export interface ValidateConfig {
  (value: unknown): boolean;
  errors?: readonly ConfigError[] | null;
}

/** The part of ajv's error object that is read. */
export interface ConfigError {
  /** A JSON pointer: `/inputs/0`. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
