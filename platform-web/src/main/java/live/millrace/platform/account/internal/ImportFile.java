// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.account.AccountImports;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.csv.CsvFactory;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * Reads a file of accounts, token by token, so that what a hostile one is nested in costs nothing: CSV (RFC 4180) whose first line names
 * its columns, separated by comma, semicolon or tab; or a JSON array of objects with the same names.
 */
final class ImportFile {
    /** Longer than anything that a column may hold, so that what is cut off here is refused there. */
    static final int MOST_CHARS = 300;

    private static final int MOST_COLUMNS = 100;

    /** What a line says. */
    enum Column {
        USERNAME("username", "user", "login", "用户名"),
        MAIL("mail", "email", "emailaddress", "邮箱"),
        DISPLAY_NAME("displayname", "display", "name", "昵称", "显示名称"),
        LANGUAGE("language", "lang", "语言"),
        ROLE("role", "角色");

        private final List<String> names;

        Column(String... names) {
            this.names = List.of(names);
        }

        static Optional<Column> of(String written) {
            String name = written.strip().toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
            for (Column column : values()) {
                if (column.names.contains(name)) {
                    return Optional.of(column);
                }
            }
            return Optional.empty();
        }
    }

    /** @param broken whether it is no line of values at all */
    record Entry(int number, boolean broken, Map<Column, String> values) {
        String value(Column column) {
            return values.getOrDefault(column, "");
        }
    }

    /** Why it is no file of accounts. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String messageKey;

        RefusedException(String reason) {
            super(reason);
            this.messageKey = "admin.import.refused." + reason;
        }

        String messageKey() {
            return messageKey;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    private ImportFile() {}

    static List<Entry> read(byte[] content) throws RefusedException {
        if (content.length > AccountImports.MOST_BYTES) {
            throw new RefusedException("large");
        }
        String text = text(content);
        ImportFile file = new ImportFile();
        try {
            if (text.stripLeading().startsWith("[")) {
                file.json(text);
            } else {
                file.csv(text);
            }
        } catch (JacksonException malformed) {
            throw new RefusedException("malformed");
        }
        if (file.entries.isEmpty()) {
            throw new RefusedException("empty");
        }
        return file.entries;
    }

    private static String text(byte[] content) throws RefusedException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            // A mark that some programs write before everything.
            String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
            if (!WellFormed.text(plain)) {
                throw new RefusedException("text");
            }
            return plain;
        } catch (CharacterCodingException other) {
            throw new RefusedException("text");
        }
    }

    private void add(int number, boolean malformed, Map<Column, String> values) throws RefusedException {
        // JSON can spell what no text holds, after the file itself was looked at.
        boolean broken = malformed || !values.values().stream().allMatch(WellFormed::text);
        if (!broken && values.values().stream().allMatch(String::isEmpty)) {
            return;
        }
        if (entries.size() == AccountImports.MOST_LINES) {
            throw new RefusedException("many");
        }
        entries.add(new Entry(number, broken, broken ? Map.of() : values));
    }

    private static String cut(@Nullable String value) {
        String plain = value == null ? "" : value.strip();
        return WellFormed.cut(plain, MOST_CHARS);
    }

    // ---- CSV --------------------------------------------------------------------------------------------------

    private static char separator(String text) {
        String first = text.lines().findFirst().orElse("");
        char found = ',';
        long most = -1;
        for (char separator : new char[] {',', ';', '\t'}) {
            long count = first.chars().filter(letter -> letter == separator).count();
            if (count > most) {
                most = count;
                found = separator;
            }
        }
        return found;
    }

    private void csv(String text) throws RefusedException {
        CsvFactory csv =
                CsvFactory.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build();
        CsvSchema schema =
                CsvSchema.emptySchema().withColumnSeparator(separator(text)).withoutEscapeChar();
        List<Optional<Column>> columns = List.of();
        int number = 0;
        try (JsonParser parser = csv.createParser(new CsvContext(schema), text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                number++;
                List<String> row = row(parser);
                if (number == 1) {
                    columns = row.stream().map(Column::of).toList();
                    if (!columns.contains(Optional.of(Column.USERNAME))) {
                        throw new RefusedException("columns");
                    }
                } else {
                    add(number, false, values(columns, row));
                }
            }
        }
    }

    private static List<String> row(JsonParser parser) {
        List<String> row = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (row.size() < MOST_COLUMNS) {
                row.add(cut(parser.getString()));
            }
        }
        return row;
    }

    private static Map<Column, String> values(List<Optional<Column>> columns, List<String> row) {
        Map<Column, String> values = new EnumMap<>(Column.class);
        for (int i = 0; i < Math.min(columns.size(), row.size()); i++) {
            String value = row.get(i);
            columns.get(i).ifPresent(column -> values.putIfAbsent(column, value));
        }
        return values;
    }

    /** Tells the parser how columns are separated. */
    private static final class CsvContext extends ObjectReadContext.Base {
        private final CsvSchema schema;

        CsvContext(CsvSchema schema) {
            this.schema = schema;
        }

        @Override
        public CsvSchema getSchema() {
            return schema;
        }
    }

    // ---- JSON -------------------------------------------------------------------------------------------------

    private void json(String text) throws RefusedException {
        int number = 0;
        boolean named = false;
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == null) {
                    throw new RefusedException("malformed");
                }
                number++;
                if (token == JsonToken.START_OBJECT) {
                    Map<Column, String> values = new EnumMap<>(Column.class);
                    boolean broken = object(parser, values);
                    named |= values.containsKey(Column.USERNAME);
                    add(number, broken, values);
                } else {
                    parser.skipChildren();
                    add(number, true, Map.of());
                }
            }
            if (number > 0 && !named) {
                throw new RefusedException("columns");
            }
        }
    }

    /** Answers whether a value was none. */
    private static boolean object(JsonParser parser, Map<Column, String> values) {
        boolean broken = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            Optional<Column> column = Column.of(cut(parser.currentName()));
            JsonToken value = parser.nextToken();
            if (value != null && value.isScalarValue()) {
                String read = value == JsonToken.VALUE_NULL ? "" : cut(parser.getValueAsString());
                column.ifPresent(known -> values.put(known, read));
            } else {
                parser.skipChildren();
                broken |= column.isPresent();
            }
        }
        return broken;
    }
}
