// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a message. Pages make text nodes of it and never HTML.
 *
 * @param t what it is: text, mention, link, emote
 * @param v the text, the name, the address or the code
 * @param src an emote's picture
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Token(String t, String v, @Nullable String src) {
    public static Token text(String text) {
        return new Token("text", text, null);
    }
}
