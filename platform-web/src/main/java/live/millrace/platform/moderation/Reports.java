// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Viewer;
import org.jspecify.annotations.Nullable;

/** Takes reports. Thread-safe. */
public interface Reports {
    int MAX_TEXT = 1_000;

    /**
     * @param channel where it is; for a user, empty or the user's own
     * @param seq of a message
     * @param user whom, where a user is reported
     * @param video which, where a video is
     * @param comment which, where a comment below a video is
     */
    record Report(
            CaseKind kind,
            String channel,
            @Nullable Long seq,
            @Nullable String user,
            @Nullable String video,
            @Nullable Long comment,
            ReportReason reason,
            String text) {
        /** Of a comment below a video. */
        public static Report comment(long id, ReportReason reason, String text) {
            return new Report(CaseKind.COMMENT, "", null, null, null, id, reason, text);
        }

        /** Of what is no comment below a video. */
        public Report(
                CaseKind kind,
                String channel,
                @Nullable Long seq,
                @Nullable String user,
                @Nullable String video,
                ReportReason reason,
                String text) {
            this(kind, channel, seq, user, video, null, reason, text);
        }

        /** Of what is no video either. */
        public Report(
                CaseKind kind,
                String channel,
                @Nullable Long seq,
                @Nullable String user,
                ReportReason reason,
                String text) {
            this(kind, channel, seq, user, null, null, reason, text);
        }
    }

    /**
     * Files a report and keeps what there is to be seen at this moment.
     *
     * @param viewer whoever is signed in, or a guest without an account of the channel that it is in
     * @return what stands against it, a key under {@code report.not}; empty when it was taken, also when it was the second time
     */
    Optional<String> file(Viewer viewer, Report report);

    /** The same of somebody with an account. */
    default Optional<String> file(AccountPrincipal reporter, Report report) {
        return file(new Viewer(reporter, Map.of(), Set.of()), report);
    }
}
