import { XMLParser } from 'fast-xml-parser'
import { ContractBroken } from '../../errors.ts'

/**
 * XML as an object: texts stay texts, attributes are left out, entities are decoded once, and every element in
 * `lists` is a list, however many there are of it.
 * @throws ContractBroken when it is no XML
 */
export function readXml(text: string, lists: readonly string[]): unknown {
  const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true, isArray: (name) => lists.includes(name) })
  try {
    return parser.parse(text, true)
  } catch {
    // The parser's own message quotes the text.
    throw new ContractBroken('a job board answered in a form that is no XML')
  }
}
