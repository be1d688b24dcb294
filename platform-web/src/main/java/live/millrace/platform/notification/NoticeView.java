// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A followed channel went live.
 *
 * @param avatar an address
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NoticeView(
        long id,
        String channel,
        String displayName,
        @Nullable String avatar,
        String title,
        Instant at,
        boolean read) {}
