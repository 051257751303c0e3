import { textCell, workbook, workbookMembers, zip } from '../media/archives.ts';
import type { ZipMember } from '../media/archives.ts';
import { hostileAs, XLSX } from './hostile-file.ts';
import type { HostileFile } from './hostile-file.ts';

const book = (more: readonly ZipMember[]) => () => zip([...workbookMembers(), ...more]);
export const WORKBOOKS: readonly HostileFile[] = (
  [
    ['xlsx with a VBA project', book([{ name: 'xl/vbaProject.bin', data: Buffer.from('x') }])],
    [
      'xlsx of the type of macros',
      () => workbook({ contentType: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' }),
    ],
    ['xlsx with an embedded file', book([{ name: 'xl/embeddings/oleObject1.bin', data: Buffer.from('x') }])],
    ['xlsx with ActiveX', book([{ name: 'xl/activeX/activeX1.bin', data: Buffer.from('x') }])],
    ['xlsx with a macro sheet', book([{ name: 'xl/macrosheets/sheet1.xml', data: Buffer.from('<a/>') }])],
    [
      'xlsx with entities',
      () => workbook({ prolog: '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>' }),
    ],
    [
      'xlsx with an external entity',
      () => workbook({ prolog: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' }),
    ],
    [
      'xlsx that says it unpacks to 4 GB',
      book([{ name: 'a.xml', data: Buffer.from('x'), size: 0xfffffff0 }]),
    ],
    [
      'xlsx that unpacks to more than it says',
      () =>
        zip(
          workbookMembers().map((member) =>
            member.name.includes('sheet1') ? { ...member, size: 10 } : member,
          ),
        ),
    ],
    [
      'xlsx with texts of 50 MB',
      () =>
        zip(
          workbookMembers().map((member) =>
            member.name.includes('shared') ? { ...member, data: Buffer.alloc(50 << 20, 0x20) } : member,
          ),
        ),
    ],
    ['xlsx without a workbook', () => zip([{ name: '[Content_Types].xml', data: Buffer.from('<a/>') }])],
    ['xlsx without sheets', () => workbook({ sheets: {} })],
    ['xlsx of an empty sheet', () => workbook({ sheets: { A: [] } })],
    ['xlsx of a column too far right', () => workbook({ sheets: { A: [[textCell('XFD1', 'x')]] } })],
    [
      'xlsx of broken XML',
      () =>
        zip(
          workbookMembers().map((member) =>
            member.name.includes('sheet1') ? { ...member, data: Buffer.from('<a><b></a>') } : member,
          ),
        ),
    ],
    ['encrypted xlsx', () => zip(workbookMembers().map((member) => ({ ...member, flags: 0x801 })))],
  ] as const
).map(hostileAs(XLSX, 'a.xlsx'));
