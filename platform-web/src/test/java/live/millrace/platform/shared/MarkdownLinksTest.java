// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links of descriptions lead where they may, however they are written. */
class MarkdownLinksTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a](data:text/html;base64,PHNjcmlwdD4=)",
                "[a](DaTa:text/html,x)",
                "[a](javascript:alert(1))",
                "[a](jAvAsCrIpT:alert(1))",
                "[a](javascript&#58;alert(1))",
                "[a](java&Tab;script:alert(1))",
                "[a](&#1;javascript:alert(1))",
                "[a](vbscript:x)",
                "[a](file:///etc/passwd)",
                "[a](//evil.example)",
                "[a](/\\\\evil.example)",
                "[a](\\\\\\\\evil.example)",
                "[a](/&Tab;/evil.example)",
                "[a](https:evil.example)",
                "[a](https:///evil.example)",
                "[a](https://bank.example@evil.example/)",
                "[a](mailto:javascript:x)",
                "<javascript:alert(1)>",
                "<data:text/html,x>",
                "[a][b]\n\n[b]: data:text/html,x"
            })
    void whatLeadsElsewhereIsText(String text) {
        assertThat(Markdown.html(text)).doesNotContain("<a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a](https://example.org/x?y=1#z)",
                "[a](HTTP://example.org)",
                "[a](mailto:anna@example.org)",
                "[a](/anna)",
                "[a](https://例子.example/路)",
                "https://example.org/path",
                "www.example.org",
                "<https://example.org>"
            })
    void whatLeadsWhereItMayIsALink(String text) {
        assertThat(Markdown.html(text)).contains("<a href=").contains("rel=\"nofollow ugc noopener noreferrer\"");
    }

    @Test
    void aPictureIsItsDescription() {
        assertThat(Markdown.html("![me](data:image/png;base64,AAAA) ![you](//evil.example/x.png)"))
                .isEqualTo("<p>me you</p>\n");
    }
}
