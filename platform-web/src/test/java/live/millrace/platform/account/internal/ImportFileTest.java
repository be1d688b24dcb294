// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import live.millrace.platform.account.AccountImports;
import live.millrace.platform.account.internal.ImportFile.Column;
import live.millrace.platform.account.internal.ImportFile.Entry;
import live.millrace.platform.account.internal.ImportFile.RefusedException;
import live.millrace.platform.shared.WellFormed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of accounts, as spreadsheets and programs write them. */
class ImportFileTest {
    private static List<Entry> read(String text) throws RefusedException {
        return ImportFile.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Entry entry(int number, String username, String mail, String displayName) {
        return new Entry(
                number, false, Map.of(Column.USERNAME, username, Column.MAIL, mail, Column.DISPLAY_NAME, displayName));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "username,mail,display name\nanna,a@example.org,\"Anna, \"\"A\"\"\"\nlin,,小林\n",
                "\uFEFFUser Name;E-Mail;Display-Name\r\nanna;a@example.org;Anna, \"A\"\r\nlin;;小林",
                "username\tmail\tother\tdisplay_name\n anna \ta@example.org\tx\t\"Anna, \"\"A\"\"\"\nlin\t\t\t小林\n\n",
            })
    void columnsAreFoundByTheirNames(String text) throws RefusedException {
        assertThat(read(text.replace("User Name", "username")))
                .containsExactly(entry(2, "anna", "a@example.org", "Anna, \"A\""), entry(3, "lin", "", "小林"));
    }

    @Test
    void jsonIsAListOfFlatObjects() throws RefusedException {
        List<Entry> read = read("""
                [{"username": "anna", "mail": null, "role": "streamer", "tags": [1, {"a": 2}]},
                 {"username": 12345}, 7, [], {"username": {"a": "b"}}]""");
        assertThat(read).extracting(Entry::broken).containsExactly(false, false, true, true, true);
        assertThat(read.getFirst().value(Column.ROLE)).isEqualTo("streamer");
        assertThat(read.get(1).value(Column.USERNAME)).isEqualTo("12345");
    }

    /** Nothing gets as far as the database that it would not take. */
    @Test
    void whatNoTextHoldsIsNoValueHoweverItIsSpelled() throws RefusedException {
        assertThat(read("""
                [{"username": "a\\u0000b"}, {"username": "anna", "mail": "\\ud800@example.org"}, {"username": "lin"}]"""))
                .containsExactly(
                        new Entry(1, true, Map.of()),
                        new Entry(2, true, Map.of()),
                        new Entry(3, false, Map.of(Column.USERNAME, "lin")));
        assertThatThrownBy(() -> read("username\na\0b")).hasMessage("text");
        assertThat(read("username\n" + "a".repeat(ImportFile.MOST_CHARS - 1) + "😀")
                        .getFirst()
                        .value(Column.USERNAME))
                .isEqualTo("a".repeat(ImportFile.MOST_CHARS - 1));
    }

    /** So that people find them again in their spreadsheet. */
    @Test
    void rowsKeepTheirNumbersWhateverIsBetweenThem() throws RefusedException {
        assertThat(read("username,name\n\nanna,\"A\nN\"\n,\nlin,\n"))
                .extracting(Entry::number, entry -> entry.value(Column.USERNAME))
                .containsExactly(tuple(3, "anna"), tuple(5, "lin"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty",
        "'username\n', empty",
        "'[]', empty",
        "'name,mail\na,b', columns",
        "'[{\"mail\":\"a\"}]', columns",
        "'[{\"username\":\"a\"}', malformed",
        "'[{\"username\":', malformed",
        "'username\n\"anna', malformed",
    })
    void whatIsNoFileOfAccountsIsRefusedInWords(String text, String reason) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.messageKey()).isEqualTo("admin.import.refused." + reason));
    }

    @Test
    void aFileIsBounded() {
        assertThatThrownBy(() -> ImportFile.read(new byte[AccountImports.MOST_BYTES + 1]))
                .hasMessage("large");
        assertThatThrownBy(() -> ImportFile.read(new byte[] {'u', (byte) 0xff})).hasMessage("text");
        assertThatThrownBy(() -> read("username\n" + "anna\n".repeat(AccountImports.MOST_LINES + 1)))
                .hasMessage("many");
    }

    @Test
    void whatIsLongOrWideCostsLittle() throws RefusedException {
        assertThat(read("username\n" + "a".repeat(1_000_000)).getFirst().value(Column.USERNAME))
                .hasSize(ImportFile.MOST_CHARS);
        assertThat(read("username" + ",x".repeat(100_000) + "\nanna" + ",".repeat(100_000)))
                .hasSize(1);
        assertThatThrownBy(() -> read("[".repeat(100_000))).hasMessage("malformed");
    }

    @FuzzTest
    void nothingBreaksIt(byte[] content) {
        try {
            for (Entry entry : ImportFile.read(content)) {
                assertThat(entry.values().values())
                        .allMatch(value -> value.length() <= ImportFile.MOST_CHARS && WellFormed.text(value));
            }
        } catch (RefusedException refused) {
            assertThat(refused.messageKey()).startsWith("admin.import.refused.");
        }
    }
}
