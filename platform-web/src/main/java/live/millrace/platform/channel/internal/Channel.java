// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.util.Objects;
import live.millrace.platform.channel.ChannelView;
import org.jspecify.annotations.Nullable;

@Entity
class Channel {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private long accountId;
    private String name;
    private String title = "";
    private String description = "";

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Channel() {}

    Channel(long accountId, String name) {
        this.accountId = accountId;
        this.name = name;
    }

    String name() {
        return name;
    }

    void edit(String newTitle, String newDescription) {
        title = newTitle;
        description = newDescription;
    }

    ChannelView view() {
        return new ChannelView(Objects.requireNonNull(id), accountId, name, title, description);
    }
}
