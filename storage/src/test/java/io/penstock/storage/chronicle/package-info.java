/** Tests of the log on Chronicle Queue: the contract, crashes, damage, full disks and what it holds open. */
@NullMarked
package io.penstock.storage.chronicle;

import org.jspecify.annotations.NullMarked;
