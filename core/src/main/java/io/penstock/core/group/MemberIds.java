package io.penstock.core.group;

import java.util.UUID;

/** Makes what tells the members of one client apart. */
@FunctionalInterface
public interface MemberIds {
    /** Nobody can guess these: to know a member's id is to be that member. */
    MemberIds RANDOM = () -> UUID.randomUUID().toString();

    /** Text that has never been given before. */
    String next();
}
