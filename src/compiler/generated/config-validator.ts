// Printed by scripts/build-schemas.mjs from schemas/config.schema.json. DO NOT EDIT.
// biome-ignore-all lint: printed by ajv
// biome-ignore-all format: printed by ajv
// biome-ignore-all assist: printed by ajv
// @ts-nocheck

/** What does not fit, as ajv tells it; its texts are left out. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Checks plain data against schemas/config.schema.json; an empty list where it fits. */
export function configErrors(data: unknown): readonly SchemaError[] {
  return validate(data) ? [] : (validate.errors ?? []);
}

/** The schema without its prose, to find what is known at a place. */
export const configSchema: SchemaNode = {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,"patternProperties":{"^x-":{}},"properties":{"inputs":{"type":"array","minItems":1,"items":{"type":"string","pattern":"\\S"}},"out":{"type":"string","pattern":"\\S"},"runtime":{"type":"string","pattern":"\\S"},"importExtension":{"enum":[".js",".ts",""]},"templates":{"type":"string","pattern":"\\S"},"objectPrefix":{"type":"string","pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}}};

/** A part of a JSON Schema. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

function joined(errors, more) {
  if (errors === null) return more;
  for (const error of more) errors.push(error);
  return errors;
}

const validate = validate10;const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,"patternProperties":{"^x-":{}},"properties":{"inputs":{"type":"array","minItems":1,"items":{"type":"string","pattern":"\\S"}},"out":{"type":"string","pattern":"\\S"},"runtime":{"type":"string","pattern":"\\S"},"importExtension":{"enum":[".js",".ts",""]},"templates":{"type":"string","pattern":"\\S"},"objectPrefix":{"type":"string","pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}}};const pattern0 = new RegExp("^x-", "u");const pattern1 = new RegExp("\\S", "u");const pattern5 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){let vErrors = null;let errors = 0;if(data && typeof data == "object" && !Array.isArray(data)){for(const key0 in data){if(!(((((((key0 === "inputs") || (key0 === "out")) || (key0 === "runtime")) || (key0 === "importExtension")) || (key0 === "templates")) || (key0 === "objectPrefix")) || (pattern0.test(key0)))){const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};if(vErrors === null){vErrors = [err0];}else {vErrors.push(err0);}errors++;}}if(data.inputs !== undefined){let data0 = data.inputs;if(Array.isArray(data0)){if(data0.length < 1){const err1 = {instancePath:instancePath+"/inputs",schemaPath:"#/properties/inputs/minItems",keyword:"minItems",params:{limit: 1}};if(vErrors === null){vErrors = [err1];}else {vErrors.push(err1);}errors++;}const len0 = data0.length;for(let i0=0; i0<len0; i0++){let data1 = data0[i0];if(typeof data1 === "string"){if(!pattern1.test(data1)){const err2 = {instancePath:instancePath+"/inputs/" + i0,schemaPath:"#/properties/inputs/items/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err2];}else {vErrors.push(err2);}errors++;}}else {const err3 = {instancePath:instancePath+"/inputs/" + i0,schemaPath:"#/properties/inputs/items/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err3];}else {vErrors.push(err3);}errors++;}}}else {const err4 = {instancePath:instancePath+"/inputs",schemaPath:"#/properties/inputs/type",keyword:"type",params:{type: "array"}};if(vErrors === null){vErrors = [err4];}else {vErrors.push(err4);}errors++;}}if(data.out !== undefined){let data2 = data.out;if(typeof data2 === "string"){if(!pattern1.test(data2)){const err5 = {instancePath:instancePath+"/out",schemaPath:"#/properties/out/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err5];}else {vErrors.push(err5);}errors++;}}else {const err6 = {instancePath:instancePath+"/out",schemaPath:"#/properties/out/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err6];}else {vErrors.push(err6);}errors++;}}if(data.runtime !== undefined){let data3 = data.runtime;if(typeof data3 === "string"){if(!pattern1.test(data3)){const err7 = {instancePath:instancePath+"/runtime",schemaPath:"#/properties/runtime/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err7];}else {vErrors.push(err7);}errors++;}}else {const err8 = {instancePath:instancePath+"/runtime",schemaPath:"#/properties/runtime/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err8];}else {vErrors.push(err8);}errors++;}}if(data.importExtension !== undefined){let data4 = data.importExtension;if(!(((data4 === ".js") || (data4 === ".ts")) || (data4 === ""))){const err9 = {instancePath:instancePath+"/importExtension",schemaPath:"#/properties/importExtension/enum",keyword:"enum",params:{allowedValues: schema11.properties.importExtension.enum}};if(vErrors === null){vErrors = [err9];}else {vErrors.push(err9);}errors++;}}if(data.templates !== undefined){let data5 = data.templates;if(typeof data5 === "string"){if(!pattern1.test(data5)){const err10 = {instancePath:instancePath+"/templates",schemaPath:"#/properties/templates/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err10];}else {vErrors.push(err10);}errors++;}}else {const err11 = {instancePath:instancePath+"/templates",schemaPath:"#/properties/templates/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err11];}else {vErrors.push(err11);}errors++;}}if(data.objectPrefix !== undefined){let data6 = data.objectPrefix;if(typeof data6 === "string"){if(!pattern5.test(data6)){const err12 = {instancePath:instancePath+"/objectPrefix",schemaPath:"#/properties/objectPrefix/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"}};if(vErrors === null){vErrors = [err12];}else {vErrors.push(err12);}errors++;}}else {const err13 = {instancePath:instancePath+"/objectPrefix",schemaPath:"#/properties/objectPrefix/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err13];}else {vErrors.push(err13);}errors++;}}}else {const err14 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err14];}else {vErrors.push(err14);}errors++;}validate10.errors = vErrors;return errors === 0;}
