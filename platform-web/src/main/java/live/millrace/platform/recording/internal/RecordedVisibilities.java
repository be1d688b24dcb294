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
                select r.channel_id, r.visibility, (
                    select k.account_id from recording_clip k
                    left join recording v on v.id = k.recording_id and v.deleted_at is null
                    where k.own_recording = r.id and k.deleted_at is null and v.visibility is distinct from 'PRIVATE' limit 1)
                from recording r where r.public_id = ? and r.channel_id is not null and r.deleted_at is null
                """)
                .param(recording)
                .query((row, _) ->
                        new Of(row.getLong(1), Visibility.valueOf(row.getString(2)), row.getObject(3, Long.class)))
                .optional();
    }
}
