// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.takeout;

import java.util.List;

/**
 * What a takeout consists of: questions about one account, each a file with one JSON object in a line. Names of secrets, never secrets: no
 * hash of a password, a key or a token is in any of them, and nothing that others said about the person.
 */
final class TakeoutParts {
    /** @param sql asks for an account by its one parameter */
    record Part(String file, String sql) {}

    static final List<Part> ALL = List.of(
            new Part("profile.jsonl", """
                    select username, email, verified_at, role, language, theme, created_at, suspended_at, suspended_until,
                           suspended_reason, delete_after
                    from account where id = ?
                    """),
            new Part("channels.jsonl", """
                    select c.name, c.display_name, c.title, c.description, g.slug as category, c.tags, c.language, c.mature,
                           c.followers, c.created_at, c.last_live_at
                    from channel c left join channel_category g on g.id = c.category_id where c.account_id = ? order by c.id
                    """),
            new Part("stream-keys.jsonl", """
                    select c.name as channel, k.name, k.prefix, k.created_at, k.last_used_at, k.last_encoder, k.revoked_at
                    from channel_stream_key k join channel c on c.id = k.channel_id where c.account_id = ? order by k.id
                    """),
            new Part("tokens.jsonl", """
                    select name, prefix, scopes, created_at, last_used_at, expires_at, revoked_at from account_access_token
                    where account_id = ? order by id
                    """),
            new Part("login-services.jsonl", """
                    select issuer, subject, name, created_at, last_used_at from signin_openid_link where account_id = ? order by id
                    """),
            new Part("broadcasts.jsonl", """
                    select c.name as channel, b.title, b.started_at, b.live_at, b.ended_at, b.peak_viewers, b.tags, b.language
                    from live_broadcast b join channel c on c.id = b.channel_id where c.account_id = ? order by b.id
                    """),
            new Part("videos.jsonl", """
                    select c.name as channel, r.public_id as id, r.title, r.description, r.visibility, r.state, r.kind, r.started_at, r.ended_at,
                           r.duration_ms, r.bytes, r.views, r.tags, r.language, r.mature, r.pinned, r.expires_at, r.deleted_at,
                           (select jsonb_agg(jsonb_build_object('at', h.at, 'title', h.title) order by h.at)
                            from recording_chapter h where h.recording_id = r.id) as chapters
                    from recording r join channel c on c.id = r.channel_id where c.account_id = ? and r.kind <> 'CLIP' order by r.id
                    """),
            new Part("clips.jsonl", """
                    select k.public_id as id, c.name as channel, v.public_id as video, k.title, k.from_ms, k.to_ms, k.made_at, k.views,
                           k.deleted_at
                    from recording_clip k left join recording v on v.id = k.recording_id left join recording o on o.id = k.own_recording
                    left join channel c on c.id = coalesce(v.channel_id, o.channel_id)
                    where k.account_id = ? order by k.id
                    """),
            new Part("uploads.jsonl", """
                    select c.name as channel, u.file_name, u.title, u.bytes, u.received, u.state, u.created_at
                    from recording_upload u join channel c on c.id = u.channel_id where c.account_id = ? order by u.id
                    """),
            new Part("watched.jsonl", """
                    select c.name as channel, r.public_id as id, p.position_ms, p.seen_at
                    from recording_position p join recording r on r.id = p.recording_id join channel c on c.id = r.channel_id
                    where p.account_id = ? order by p.seen_at
                    """),
            new Part(TakeoutFile.FOLLOWS, """
                    select c.name as channel, f.followed_at from channel_follow f join channel c on c.id = f.channel_id
                    where f.account_id = ? order by f.followed_at
                    """),
            new Part("invites.jsonl", """
                    select c.name as channel, i.label, i.uses, i.used, i.made_at, i.expires_at, i.revoked_at
                    from audience_invite i join channel c on c.id = i.channel_id where c.account_id = ? and not i.mailed order by i.id
                    """),
            new Part("invited.jsonl", """
                    select c.name as channel, g.made_at as since, g.seen_at, g.removed_at
                    from audience_guest g join channel c on c.id = g.channel_id where g.account_id = ? order by g.id
                    """),
            new Part("comments.jsonl", """
                    select c.name as channel, m.seq as number, m.text, m.reply_to, m.written_at, m.removed_at
                    from chat_message m join channel c on c.id = m.channel_id where m.account_id = ? order by m.written_at
                    """),
            new Part("video-comments.jsonl", """
                    select c.name as channel, r.public_id as video, m.text, m.written_at, m.removed_at
                    from chat_video_comment m join recording r on r.id = m.recording_id left join channel c on c.id = r.channel_id
                    where m.account_id = ? order by m.written_at
                    """),
            new Part("moderates.jsonl", """
                    select c.name as channel, m.since, m.rights from chat_moderator m join channel c on c.id = m.channel_id
                    where m.account_id = ? order by m.since
                    """),
            new Part("sanctions.jsonl", """
                    select c.name as channel, s.kind, s.until, s.reason, s.made_at, s.lifted_at
                    from chat_sanction s join channel c on c.id = s.channel_id where s.account_id = ? order by s.id
                    """),
            new Part("notifications.jsonl", """
                    select n.kind, c.name as channel, n.text, n.created_at, n.read_at
                    from notification_notice n left join channel c on c.id = n.channel_id
                    where n.account_id = ? order by n.id
                    """),
            new Part("reports.jsonl", """
                    select k.kind, k.subject, r.reason, r.text, r.at, k.decision, k.decided_at
                    from moderation_report r join moderation_case k on k.id = r.case_id where r.reporter_id = ? order by r.id
                    """),
            new Part("decisions.jsonl", """
                    select kind, channel, excerpt, decision, decision_reason, decided_at, appeal, appealed_at, appeal_decision,
                           appeal_answer, appeal_decided_at
                    from moderation_case where subject_account_id = ? and state = 'DECIDED' order by id
                    """),
            new Part("addresses.jsonl", """
                    select host(address) as address, first_seen, last_seen from account_address
                    where account_id = ? order by first_seen
                    """));

    private TakeoutParts() {}
}
