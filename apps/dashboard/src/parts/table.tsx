import { Link, type LinkProps } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';

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

/**
 * The dashboard's only table: widths are set on the headers, so that the layout does not shift. On a phone its rows are
 * cards.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { label, rows, keyOf, columns, linkTo, link, card, groupOf, isFresh } = props;
  const groups = grouped(rows, groupOf);
  const classOf = ({ align, optional }: Column<Row>) =>
    [align === 'right' ? 'r' : '', optional === true ? 'hide-m' : ''].join(' ').trim();
  return (
    <>
      <div className="tw">
        <table aria-label={label}>
          <thead className="stick">
            <tr>
              {columns.map((column) => (
                <th key={column.id} scope="col" className={`${classOf(column)} ${column.width ?? ''}`}>
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(([name, members]) => (
              <Fragment key={name}>
                {name !== '' && (
                  <tr className="grp">
                    <td colSpan={columns.length}>{name}</td>
                  </tr>
                )}
                {members.map((row) => (
                  <tr key={keyOf(row)} className={isFresh?.(row) === true ? 'fresh' : undefined}>
                    {columns.map((column) => (
                      <td key={column.id} className={classOf(column)}>
                        {column.id === link ? <Link {...linkTo(row)}>{column.cell(row)}</Link> : column.cell(row)}
                      </td>
                    ))}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <div className="cards">
        {groups.map(([name, members]) => (
          <Fragment key={name}>
            {name !== '' && <p className="day">{name}</p>}
            {members.map((row) => (
              <Link key={keyOf(row)} className="card" {...linkTo(row)}>
                {card(row)}
              </Link>
            ))}
          </Fragment>
        ))}
      </div>
    </>
  );
}

/** Groups adjacent rows with the same heading; lists arrive in display order. */
function grouped<Row>(rows: readonly Row[], groupOf: ((row: Row) => string) | undefined): [string, Row[]][] {
  const groups: [string, Row[]][] = [];
  for (const row of rows) {
    const name = groupOf?.(row) ?? '';
    const last = groups.at(-1);
    if (last?.[0] === name) last[1].push(row);
    else groups.push([name, [row]]);
  }
  return groups;
}
