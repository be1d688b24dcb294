// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import java.util.Locale;
import java.util.Set;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.recording.VideoCard;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/** Why a comment below a video is not taken: in the words of the chat, but for what is otherwise here. */
@Component
class CommentRefusals {
    private static final Set<String> OWN = Set.of("closed", "day", "gone", "held", "long", "off", "words");

    private static final long MINUTE_MILLIS = 60_000;

    private final MessageSource messages;

    CommentRefusals(MessageSource messages) {
        this.messages = messages;
    }

    String words(String key, Locale locale) {
        return messages.getMessage(key, null, locale);
    }

    /** As the chat's box puts them together: 12 s, or 9:30. */
    String words(Refused why, Locale locale) {
        long left = (why.retryMillis() + 999) / 1_000;
        String wait = left * 1_000 < MINUTE_MILLIS
                ? messages.getMessage("unit.seconds", new Object[] {left}, locale)
                : VideoCard.clock(left * 1_000);
        String key = (OWN.contains(why.reason()) ? "comments.refused." : "chat.refused.") + why.reason();
        return messages.getMessage(key, new Object[] {wait, why.number()}, locale);
    }
}
