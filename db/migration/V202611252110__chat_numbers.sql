-- Numbers of lines come from the room: every channel has one, and it goes on behind its highest line.
insert into chat_room (channel_id, last_seq)
select c.id, coalesce((select max(m.seq) from chat_message m where m.channel_id = c.id), 0)
from channel c
on conflict (channel_id) do update set last_seq = greatest(chat_room.last_seq, excluded.last_seq);
