import { type Method, machineMethods } from '../methods.js';
import { snakeCase } from '../naming.js';

/** The driver's methods as nxc_driver reads them: names in snake_case, with the names that a call has on the wire. */
export const tableForPython = (): object[] => machineMethods.map(forPython);

function forPython(method: Method) {
  return {
    ...method,
    wire: method.name,
    name: snakeCase(method.name),
    aliases: method.aliases ?? [],
    parameters: method.parameters.map(p => ({ ...p, wire: p.name, name: snakeCase(p.name) })),
  };
}
