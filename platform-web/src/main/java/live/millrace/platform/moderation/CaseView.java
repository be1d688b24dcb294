// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was reported.
 *
 * @param subject whose it is, by the name of then
 * @param channel where it was
 * @param video which one, where a video was reported or a comment below it
 * @param comment which one, where a comment below a video was reported
 * @param subjectGuest as a guest without an account calls themselves whom it is about; null of others
 * @param reporters how many different people reported it
 * @param state NEW, CLAIMED or DECIDED
 * @param live whether the channel is on air now
 * @param segments how many files of what was on air are kept
 */
public record CaseView(
        long id,
        CaseKind kind,
        @Nullable Long subjectAccountId,
        String subject,
        @Nullable String subjectGuest,
        @Nullable Long channelId,
        String channel,
        @Nullable Long seq,
        @Nullable String video,
        @Nullable Long comment,
        String excerpt,
        String state,
        Instant openedAt,
        int reporters,
        boolean live,
        @Nullable String claimedBy,
        @Nullable Instant decidedAt,
        @Nullable String decidedBy,
        @Nullable Decision decision,
        String decisionReason,
        @Nullable String appeal,
        @Nullable Instant appealedAt,
        @Nullable String appealDecision,
        String appealAnswer,
        int segments,
        boolean thumbnail) {
    /** Whom it is about, as they are spoken of. */
    public String named() {
        return subjectGuest == null ? subject : subjectGuest;
    }

    /**
     * What whoever reported it is told that it was: words that they read there, else the name. Titles change, and the one that the case was opened
     * with may have been for fewer.
     */
    public String told() {
        return switch (kind) {
            case MESSAGE, COMMENT -> excerpt;
            case USER, CHANNEL, LIVE, VIDEO -> channel;
        };
    }

    public boolean decided() {
        return decision != null;
    }

    /** Whether its subject may ask for another look. */
    public boolean appealable() {
        return decision != null && decision != Decision.DISMISS && appeal == null;
    }

    /** Whether an appeal waits for an answer. */
    public boolean appealWaits() {
        return appeal != null && appealDecision == null;
    }
}
