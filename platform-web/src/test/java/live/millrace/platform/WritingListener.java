// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** A listener like those of the site, which writes when it hears of a commit: in every context, for {@link AfterCommitTest}. */
public final class WritingListener {
    /** How it writes. */
    enum Way {
        BY_ANNOTATION,
        BY_TEMPLATE,
        BY_JPA
    }

    record Asked(Way way, long channelId, long accountId) {}

    private final StreamKeys keys;
    private final Channels channels;
    private final Accounts accounts;
    private final TransactionTemplate transaction;

    WritingListener(StreamKeys keys, Channels channels, Accounts accounts, TransactionTemplate transaction) {
        this.keys = keys;
        this.channels = channels;
        this.accounts = accounts;
        this.transaction = transaction;
    }

    @TransactionalEventListener
    void on(Asked asked) {
        switch (asked.way()) {
            case BY_ANNOTATION -> channels.edit(asked.channelId(), "written");
            case BY_TEMPLATE ->
                transaction.executeWithoutResult(_ -> accounts.prefer(asked.accountId(), "zh-CN", null));
            case BY_JPA -> keys.create(asked.channelId(), "written");
        }
    }
}
