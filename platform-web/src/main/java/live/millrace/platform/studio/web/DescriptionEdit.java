// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a program changes of a channel; what is absent stays.
 *
 * @param category a slug; empty for none
 * @param language empty for none
 */
record DescriptionEdit(
        @Nullable String title,
        @Nullable String description,
        @Nullable String category,
        @Nullable List<String> tags,
        @Nullable String language,
        @Nullable Boolean mature) {
    DescriptionEdit {
        // A program may send anything.
        tags = tags == null ? null : tags.stream().filter(Objects::nonNull).toList();
    }
}
