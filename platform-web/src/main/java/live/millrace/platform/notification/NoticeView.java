// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to know: that a followed channel went live, or what staff decided.
 *
 * @param kind a key under {@code notice.kind}
 * @param channel empty where it is about none
 * @param avatar an address
 * @param link where to read on
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
        boolean read) {}
