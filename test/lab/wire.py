"""A line with delay and loss: copies frames between pairs of interfaces (tc netem is not in every kernel).

usage: wire.py A B DELAY_MS LOSS_PERCENT SEED [A B DELAY_MS LOSS_PERCENT SEED ...]
"""
import heapq
import random
import select
import socket
import sys
import time

ETH_P_ALL = 3


def opened(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    s.bind((name, 0))
    s.setblocking(False)
    return s


def main():
    ways = {}
    args = sys.argv[1:]
    for k in range(0, len(args), 5):
        a, b, delay, loss, seed = args[k:k + 5]
        sa, sb = opened(a), opened(b)
        for one, other, salt in ((sa, sb, 'there'), (sb, sa, 'back')):
            ways[one.fileno()] = (one, other, float(delay) / 1000, float(loss) / 100, random.Random(seed + salt))
    poll = select.epoll()
    for fd in ways:
        poll.register(fd, select.EPOLLIN)
    queue = []
    order = 0
    print('ready', flush=True)
    while True:
        wait = -1 if not queue else max(0, queue[0][0] - time.monotonic())
        for fd, _ in poll.poll(wait):
            one, other, delay, loss, rng = ways[fd]
            while True:
                try:
                    frame, address = one.recvfrom(65535)
                except BlockingIOError:
                    break
                if address[2] == socket.PACKET_OUTGOING:
                    continue
                if loss and frame[12:14] in (b'\x08\x00', b'\x86\xdd') and rng.random() < loss:
                    continue
                order += 1
                heapq.heappush(queue, (time.monotonic() + delay, order, other, frame))
        now = time.monotonic()
        while queue and queue[0][0] <= now:
            _, _, other, frame = heapq.heappop(queue)
            try:
                other.send(frame)
            except OSError:
                pass


main()
