// The table on the terminal.

export function table({ machine, figures, quick }) {
  const rows = figures.map((figure) => [
    figure.name,
    amount(figure.value, figure.unit),
    figure.peer === undefined ? "" : amount(figure.peer, figure.unit),
    figure.ratio === undefined ? "" : `${figure.ratio.toFixed(2)} x`,
    target(figure),
    figure.met === undefined ? "" : figure.met ? "met" : "missed",
  ]);
  const head = ["", "Todoke", "peer", "ratio", "target", ""];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  ").trimEnd();
  const how = figures.filter((figure) => figure.how !== undefined).map((figure) => `  ${figure.name}: ${figure.how}`);
  return [
    "",
    quick ? "A smoke run: the counts are small and the figures mean little.\n" : "",
    line(head),
    ...rows.map(line),
    "",
    `${machine.cores} x ${machine.cpu}, ${machine.memory}; node ${machine.node}; ${machine.workerd}; load ${machine.loadBefore} before, ${machine.loadAfter} after`,
    "",
    "How",
    ...how,
    "",
  ].join("\n");
}

function amount(value, unit) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(Number.isInteger(value) ? 0 : digits)} ${unit}`.trim();
}

function target({ target, unit }) {
  if (target === undefined) return "";
  if (target.ratioLeast !== undefined) return `≥ ${target.ratioLeast} x peer`;
  return target.most === undefined ? `≥ ${target.least} ${unit}` : `≤ ${target.most} ${unit}`;
}
