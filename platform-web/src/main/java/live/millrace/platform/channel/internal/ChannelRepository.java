// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

interface ChannelRepository extends Repository<Channel, Long> {
    Channel save(Channel channel);

    Optional<Channel> findById(long id);

    Optional<Channel> findByName(String name);

    List<Channel> findByNameIn(Collection<String> names);

    Optional<Channel> findByAccountId(long accountId);
}
