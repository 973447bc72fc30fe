import { Link, type LinkProps } from '@tanstack/react-router';
import { memo, type ReactNode, useMemo, useRef } from 'react';
import { useIsPhone, useWindowed } from './windowed';

export interface Column<Row> {
  readonly id: string;
  readonly head: ReactNode;
  /** Width of the column, as a class; the column without one takes the rest. */
  readonly width?: string;
  readonly align?: 'right';
  /** Hidden below 1100 px. */
  readonly optional?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** The link of a row: it is in the cell of the column named `link`; on a phone the whole card is the link. */
  readonly linkTo: (row: Row) => LinkProps;
  readonly link: string;
  /** Rows with the same result are grouped under one heading. */
  readonly groupOf?: (row: Row) => string;
  /** The two lines of a row on a phone. */
  readonly card: (row: Row) => ReactNode;
  readonly isFresh?: (row: Row) => boolean;
}

/** A heading, or a row. */
type Line<Row> = { readonly key: string } & ({ readonly heading: string } | { readonly row: Row });

/** The dashboard's only table. On a phone its rows are cards. Long lists are in the page only where the reader is. */
export function Table<Row>(props: TableProps<Row>) {
  const { rows, keyOf, groupOf } = props;
  const lines = useMemo(() => linesOf(rows, keyOf, groupOf), [rows, keyOf, groupOf]);
  return useIsPhone() ? <Cards {...props} lines={lines} /> : <Rows {...props} lines={lines} />;
}

type LinesProps<Row> = TableProps<Row> & { readonly lines: readonly Line<Row>[] };

const ROW_HEIGHT = 44;
const CARD_HEIGHT = 69;

/** Widths are set on the headers, so that the layout does not shift. */
function Rows<Row>({ label, lines, columns, linkTo, link, isFresh }: LinesProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to, before, after, measure } = useWindowed(body, lines.length, ROW_HEIGHT);
  return (
    <div className="tw">
      <table aria-label={label} aria-rowcount={measure && lines.length + 1}>
        <thead className="stick">
          <tr aria-rowindex={measure && 1}>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={`${classOf(column)} ${column.width ?? ''}`}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {before > 0 && <Gap height={before} />}
          {lines.slice(from, to).map((line, n) => {
            const place = measure && { ref: measure, 'data-index': from + n, 'aria-rowindex': from + n + 2 };
            if ('heading' in line)
              return (
                <tr key={line.key} className="grp" {...place}>
                  <td colSpan={columns.length}>{line.heading}</td>
                </tr>
              );
            return (
              <tr key={line.key} className={isFresh?.(line.row) === true ? 'fresh' : undefined} {...place}>
                <Cells row={line.row} columns={columns} linkTo={linkTo} link={link} />
              </tr>
            );
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
    </div>
  );
}

type CellsProps<Row> = Pick<TableProps<Row>, 'columns' | 'linkTo' | 'link'> & { readonly row: Row };

/** Not rendered again while the reader scrolls. */
const Cells = memo(function Cells<Row>({ row, columns, linkTo, link }: CellsProps<Row>) {
  return columns.map((column) => (
    <td key={column.id} className={classOf(column)}>
      {column.id === link ? <Link {...linkTo(row)}>{column.cell(row)}</Link> : column.cell(row)}
    </td>
  ));
}) as <Row>(props: CellsProps<Row>) => ReactNode;

/** Takes the place of rows that are not in the page. */
const Gap = ({ height }: { readonly height: number }) => (
  <tr aria-hidden="true" className="gap">
    <td style={{ height }} />
  </tr>
);

function Cards<Row>({ lines, card, linkTo }: LinesProps<Row>) {
  const list = useRef<HTMLDivElement>(null);
  const { from, to, before, after, measure } = useWindowed(list, lines.length, CARD_HEIGHT);
  return (
    <div className="cards" ref={list}>
      <div style={{ height: before }} />
      {lines.slice(from, to).map((line, n) => {
        const place = measure && { ref: measure, 'data-index': from + n };
        if ('heading' in line)
          return (
            <p key={line.key} className="day" {...place}>
              {line.heading}
            </p>
          );
        return (
          <Link key={line.key} className="card" {...linkTo(line.row)} {...place}>
            {card(line.row)}
          </Link>
        );
      })}
      <div style={{ height: after }} />
    </div>
  );
}

const classOf = ({ align, optional }: Pick<Column<never>, 'align' | 'optional'>) =>
  [align === 'right' ? 'r' : '', optional === true ? 'hide-m' : ''].join(' ').trim();

/** Puts a heading before each group of adjacent rows; lists arrive in display order. */
function linesOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  groupOf: ((row: Row) => string) | undefined,
): Line<Row>[] {
  let last: string | undefined;
  return rows.flatMap((row) => {
    const [key, heading] = [keyOf(row), groupOf?.(row)];
    const isNew = heading !== undefined && heading !== last;
    last = heading;
    return isNew
      ? [
          { key: `before ${key}`, heading },
          { key, row },
        ]
      : [{ key, row }];
  });
}
