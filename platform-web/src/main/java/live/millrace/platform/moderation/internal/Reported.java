// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.moderation.CaseKind;
import org.jspecify.annotations.Nullable;

/**
 * What a report is about, found.
 *
 * @param of the channel of whoever it is about
 * @param by who said it; null of what nobody said
 * @param where the channel that it is in
 * @param seq of a message
 * @param video a video, or what a comment is below
 * @param comment of a comment below a video
 * @param excerpt what is to be read of it
 */
record Reported(
        CaseKind kind,
        @Nullable ChannelView of,
        @Nullable Talker by,
        ChannelView where,
        @Nullable Long seq,
        @Nullable String video,
        @Nullable Long comment,
        String excerpt) {
    private static final int MAX_EXCERPT = 300;

    Reported {
        excerpt = cut(excerpt);
    }

    static Reported channel(CaseKind kind, ChannelView channel, String excerpt) {
        return new Reported(kind, channel, null, channel, null, null, null, excerpt);
    }

    /** Whether it is of somebody, who cannot report it themselves. */
    boolean of(Talker talker) {
        return talker.equals(by) || (of != null && talker.equals(new Talker.Person(of.accountId())));
    }

    /** What stands for whom it is about: the name of their channel, or what a guest has in its place. */
    String subject() {
        return of != null ? of.name() : by instanceof Talker.Invited guest ? guest.handle() : "";
    }

    @Nullable
    Long subjectAccount() {
        return of == null ? null : of.accountId();
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MAX_EXCERPT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_EXCERPT));
    }
}
