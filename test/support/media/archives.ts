import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly data?: Buffer;
  /** The size that the directory says, if another than that of the data. */
  readonly size?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly attributes?: number;
  /** Where the directory says that it begins, if elsewhere. */
  readonly offset?: number;
}

/** A ZIP archive; each member may say wrong things of itself. */
export function zip(members: readonly ZipMember[], comment = ''): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const { name, data = Buffer.alloc(0), flags = 0x800, method = 8, attributes = 0 } = member;
    const packed = method === 8 ? deflateRawSync(data) : data;
    const bytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(member.size ?? data.length, 18);
    common.writeUInt16LE(bytes.length, 22);
    const header = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, bytes]);
    const entry = Buffer.alloc(46);
    entry.write('PK\u0001\u0002', 0, 'latin1');
    entry.writeUInt16LE(0x031e, 4);
    common.copy(entry, 6);
    entry.writeUInt32LE(attributes, 38);
    entry.writeUInt32LE(member.offset ?? at, 42);
    central.push(entry, bytes);
    local.push(header, packed);
    at += header.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...local, directory, end, Buffer.from(comment)]);
}

export type CellXml = string;
export const textCell = (reference: string, text: string): CellXml =>
  `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`;
export const sharedCell = (reference: string, index: number): CellXml =>
  `<c r="${reference}" t="s"><v>${index}</v></c>`;
export const numberCell = (reference: string, number: number | string, style = 0): CellXml =>
  `<c r="${reference}" s="${style}"><v>${number}</v></c>`;
export const typedCell = (reference: string, type: string, value: string): CellXml =>
  `<c r="${reference}" t="${type}"><v>${value}</v></c>`;

interface WorkbookParts {
  /** Rows of cells by the name of the sheet. */
  readonly sheets?: Readonly<Record<string, readonly (readonly CellXml[])[]>>;
  readonly hidden?: readonly string[];
  readonly shared?: readonly string[];
  readonly contentType?: string;
  readonly prolog?: string;
  readonly more?: readonly ZipMember[];
}

const MAIN = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';
const MAIN_SPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** Members of a workbook. Style 1 shows dates, style 2 a format of its own with a date. */
export function workbookMembers({
  sheets = {
    Sheet1: [
      [textCell('A1', 'text'), textCell('B1', 'label')],
      [textCell('A2', 'hello'), textCell('B2', 'good')],
    ],
  },
  hidden = [],
  shared = [],
  contentType = MAIN,
  prolog = '',
  more = [],
}: WorkbookParts = {}): ZipMember[] {
  const names = Object.keys(sheets);
  const member = (name: string, xml: string): ZipMember => ({
    name,
    data: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${name.includes('sheet1') ? prolog : ''}${xml}`),
  });
  return [
    member(
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}"/></Types>`,
    ),
    member(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN_SPACE}" xmlns:r="${RELATIONS}"><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}"${hidden.includes(name) ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ),
    member(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
    ),
    member(
      'xl/styles.xml',
      `<styleSheet xmlns="${MAIN_SPACE}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    ),
    member(
      'xl/sharedStrings.xml',
      `<sst xmlns="${MAIN_SPACE}">${shared.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    ),
    ...names.map((name, i) =>
      member(
        `xl/worksheets/sheet${i + 1}.xml`,
        `<worksheet xmlns="${MAIN_SPACE}"><sheetData>${sheets[name]!.map((row, n) => `<row r="${n + 1}">${row.join('')}</row>`).join('')}</sheetData></worksheet>`,
      ),
    ),
    ...more,
  ];
}

export const workbook = (parts?: WorkbookParts): Buffer => zip(workbookMembers(parts));
