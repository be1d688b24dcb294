// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a broadcast is about, as its owner describes it. Rules are checked by whoever takes it from a person. */
public record BroadcastInfo(
        String title, @Nullable Long categoryId, List<String> tags, String language, boolean mature) {
    public BroadcastInfo {
        tags = List.copyOf(tags);
    }
}
