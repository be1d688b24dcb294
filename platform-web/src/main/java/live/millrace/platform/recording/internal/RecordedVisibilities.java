// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.util.Optional;
import live.millrace.platform.audience.RecordedVisibility;
import live.millrace.platform.channel.Visibility;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class RecordedVisibilities implements RecordedVisibility {
    private final JdbcClient database;

    RecordedVisibilities(JdbcClient database) {
        this.database = database;
    }

    @Override
    public Optional<Of> of(String recording) {
        return database.sql("""
                select channel_id, visibility from recording
                where public_id = ? and channel_id is not null and deleted_at is null
                """)
                .param(recording)
                .query((row, _) -> new Of(row.getLong(1), Visibility.valueOf(row.getString(2))))
                .optional();
    }
}
