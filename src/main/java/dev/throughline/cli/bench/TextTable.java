package dev.throughline.cli.bench;

import java.util.List;

/** Cells in columns: the first to the left, the others to the right. */
public final class TextTable {
    private TextTable() {}

    /** With rulers of {@code -} and {@code +}; every line ends with a line feed. */
    public static String ascii(List<String> headings, List<List<String>> rows) {
        int[] widths = widths(headings, rows);
        StringBuilder ruler = new StringBuilder("+");
        for (int width : widths) {
            ruler.repeat("-", width + 2).append('+');
        }
        ruler.append('\n');
        StringBuilder table = new StringBuilder(ruler);
        line(table, headings, widths);
        table.append(ruler);
        rows.forEach(row -> line(table, row, widths));
        return table.append(ruler).toString();
    }

    public static String markdown(List<String> headings, List<List<String>> rows) {
        int[] widths = widths(headings, rows);
        StringBuilder table = new StringBuilder();
        line(table, headings, widths);
        table.append('|');
        for (int i = 0; i < widths.length; i++) {
            table.repeat("-", widths[i] + 1).append(i == 0 ? '-' : ':').append('|');
        }
        table.append('\n');
        rows.forEach(row -> line(table, row, widths));
        return table.toString();
    }

    private static int[] widths(List<String> headings, List<List<String>> rows) {
        int[] widths = headings.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static void line(StringBuilder table, List<String> cells, int[] widths) {
        table.append('|');
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            int padding = widths[i] - cell.length();
            table.append(' ')
                    .repeat(" ", i == 0 ? 0 : padding)
                    .append(cell)
                    .repeat(" ", i == 0 ? padding : 0)
                    .append(" |");
        }
        table.append('\n');
    }
}
