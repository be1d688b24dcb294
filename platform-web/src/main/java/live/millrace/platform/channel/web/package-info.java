// SPDX-License-Identifier: Apache-2.0
/** Following, from pages and from programs; the page of one's own profile; the person in the header of every page. */
@NullMarked
package live.millrace.platform.channel.web;

import org.jspecify.annotations.NullMarked;
