// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to know: that a followed channel went live, what staff decided, that people commented.
 *
 * @param kind a key under {@code notice.kind}
 * @param channel empty where it is about none
 * @param avatar an address
 * @param link where to read on
 * @param number of how many it tells; null where it does not count
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NoticeView(
        long id,
        String kind,
        String channel,
        String displayName,
        @Nullable String avatar,
        String title,
        String link,
        Instant at,
        boolean read,
        @Nullable Integer number) {}
