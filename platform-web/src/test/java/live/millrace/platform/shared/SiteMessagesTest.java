// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.context.NoSuchMessageException;
import org.springframework.context.support.DefaultMessageSourceResolvable;

/** Texts of the site's own bundles, as pages ask for them. */
class SiteMessagesTest {
    private final SiteMessages messages = new SiteMessages();

    SiteMessagesTest() {
        messages.setBasenames("messages/account", "messages/chat", "messages/security");
    }

    @Test
    void aNumberChoosesTheForm() {
        assertThat(text("security.login.too-many", Locale.ENGLISH, 1)).contains("1 minute,");
        assertThat(text("security.login.too-many", Locale.ENGLISH, 2)).contains("2 minutes,");
        assertThat(text("security.login.too-many", Locale.SIMPLIFIED_CHINESE, 1))
                .contains(" 1 分钟");
    }

    @Test
    void aTextThatAScriptFillsInKeepsItsPlaces() {
        assertThat(text("chat.mode.slow", Locale.ENGLISH)).contains("{0}");
    }

    @Test
    void whoeverPrefersAnotherLanguageReadsEnglish() {
        assertThat(text("account.password", Locale.FRENCH)).isEqualTo("Password");
        assertThat(text("security.login.too-many", Locale.forLanguageTag("ar"), 3))
                .contains("3 minutes,");
    }

    @Test
    void aKeyThatNobodyKnowsIsAnError() {
        assertThatExceptionOfType(NoSuchMessageException.class)
                .isThrownBy(() -> text("account.nothing", Locale.ENGLISH, 1));
        assertThat(messages.getMessage("account.nothing", null, null, Locale.ENGLISH))
                .isNull();
        assertThat(messages.getMessage("account.nothing", new Object[] {1}, "{0} of it’s own", Locale.ENGLISH))
                .isEqualTo("1 of it’s own");
    }

    /** A check of a form brings its text along, and what it was checked against. */
    @Test
    void anErrorOfAFormIsSaidInItsWords() {
        Object[] against = {new DefaultMessageSourceResolvable(new String[] {"account.password"}), 128, 10};
        DefaultMessageSourceResolvable error = new DefaultMessageSourceResolvable(
                new String[] {"Length.form.password", "account.password.length"}, against, "Too short");
        assertThat(messages.getMessage(error, Locale.SIMPLIFIED_CHINESE)).startsWith("密码");
        DefaultMessageSourceResolvable own =
                new DefaultMessageSourceResolvable(new String[] {"Length.form.password"}, against, "It’s too short");
        assertThat(messages.getMessage(own, Locale.ENGLISH)).isEqualTo("It’s too short");
    }

    private String text(String key, Locale locale, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }
}
