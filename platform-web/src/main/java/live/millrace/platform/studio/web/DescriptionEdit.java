// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a program changes of a channel; what is absent stays.
 *
 * @param category a slug; empty for none
 * @param language empty for none
 * @param visibility who may watch: {@code public}, {@code unlisted}, {@code registered}, {@code followers}, {@code invited}, {@code password}, {@code private}
 * @param until {@code broadcast}: until the broadcast that runs, or else the next one, is over; {@code good}, as without it: until another choice
 * @param password of the channel, another one
 */
record DescriptionEdit(
        @Nullable String title,
        @Nullable String description,
        @Nullable String category,
        @Nullable List<String> tags,
        @Nullable String language,
        @Nullable Boolean mature,
        @Nullable String visibility,
        @JsonProperty("for") @Nullable String until,
        @Nullable String password) {
    DescriptionEdit {
        // A program may send anything.
        tags = tags == null ? null : tags.stream().filter(Objects::nonNull).toList();
    }

    /** A password stays out of logs. */
    @Override
    public String toString() {
        return "DescriptionEdit[" + title + "]";
    }
}
