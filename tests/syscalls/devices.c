// timeout: 120
// calls: ioctl
/* What devices are asked with ioctl. A device that is not there, or that nobody may open, is so for every
 * build of the program. */
#include "requests.h"
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/kd.h>
#include <linux/loop.h>
#include <linux/random.h>
#include <linux/serial.h>
#include <linux/vt.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#ifndef BLKGETDISKSEQ
#define BLKGETDISKSEQ _IOR(0x12, 128, uint64_t)
#endif

enum { LOOP_MAJOR_NUMBER = 7, IMAGE = 1 << 20 };

/* Partitions, whose description lies behind an address in the argument. */
static void partitions(int fd)
{
	struct blkpg_partition partition = {.start = 4096, .length = 8192, .pno = 1};
	struct blkpg_ioctl_arg change = {.op = BLKPG_ADD_PARTITION, .datalen = sizeof partition, .data = &partition};
	SHOW(ioctl(fd, BLKPG, &change));
	SHOW(ioctl(fd, BLKPG, &change));
	partition.length = 4096;
	change.op = BLKPG_RESIZE_PARTITION;
	SHOW(ioctl(fd, BLKPG, &change));
	change.op = BLKPG_DEL_PARTITION;
	SHOW(ioctl(fd, BLKPG, &change));
	SHOW(ioctl(fd, BLKPG, &change));
	change.op = 99;
	SHOW(ioctl(fd, BLKPG, &change));
	change.op = BLKPG_ADD_PARTITION;
	change.data = nowhere;
	SHOW(ioctl(fd, BLKPG, &change));
	change.data = behind;
	SHOW(ioctl(fd, BLKPG, &change));
	SHOW_BAD(fd, BLKPG);
}

/* A block device's numbers. */
static void block(int fd)
{
	uint64_t bytes = 0, range[2] = {0, 4096}, sequence = 0;
	unsigned long sectors = 0;
	long ahead = -1;
	size_t block_size = 0;
	int number = -1;
	unsigned short short_number = 0;
	unsigned word = 0;
	SHOW(ioctl(fd, BLKGETSIZE64, &bytes));
	SHOW(ioctl(fd, BLKGETSIZE, &sectors));
	printf("%ld bytes, %ld sectors\n", (long)bytes, (long)sectors);
	SHOW(ioctl(fd, BLKSSZGET, &number));
	printf("sector %d\n", number);
	SHOW(ioctl(fd, BLKPBSZGET, &word));
	printf("physical sector %u\n", word);
	SHOW(ioctl(fd, BLKROGET, &number));
	printf("read-only %d\n", number);
	SHOW(ioctl(fd, BLKIOMIN, &word));
	SHOW(ioctl(fd, BLKIOOPT, &word));
	printf("best %u\n", word);
	SHOW(ioctl(fd, BLKALIGNOFF, &number));
	SHOW(ioctl(fd, BLKDISCARDZEROES, &word));
	SHOW(ioctl(fd, BLKROTATIONAL, &short_number));
	SHOW(ioctl(fd, BLKSECTGET, &short_number));
	printf("largest %d\n", short_number);
	SHOW(ioctl(fd, BLKRASET, 64L));
	SHOW(ioctl(fd, BLKRAGET, &ahead));
	printf("ahead %ld\n", ahead);
	SHOW(ioctl(fd, BLKFRASET, 32L));
	SHOW(ioctl(fd, BLKFRAGET, &ahead));
	printf("ahead %ld\n", ahead);
	SHOW(ioctl(fd, BLKBSZGET, &block_size));
	printf("block %d\n", (int)block_size);
	number = 1024;
	SHOW(ioctl(fd, BLKBSZSET, &number));
	SHOW(ioctl(fd, BLKBSZGET, &block_size));
	printf("block %d\n", (int)block_size);
	number = 3;
	SHOW(ioctl(fd, BLKBSZSET, &number));
	SHOW(ioctl(fd, BLKGETDISKSEQ, &sequence));
	CHECK(sequence != 0);
	SHOW(ioctl(fd, BLKFLSBUF, 0));
	SHOW(ioctl(fd, BLKRRPART, 0));
	SHOW(ioctl(fd, BLKDISCARD, range));
	SHOW(ioctl(fd, BLKZEROOUT, range));
	SHOW(ioctl(fd, BLKSECDISCARD, range));
	range[0] = 7;
	SHOW(ioctl(fd, BLKDISCARD, range));
	SHOW(ioctl(fd, BLKZEROOUT, range));
	range[0] = 1ull << 60;
	SHOW(ioctl(fd, BLKDISCARD, range));
	SHOW(ioctl(fd, BLKZEROOUT, range));
	struct hd_geometry geometry;
	SHOW(ioctl(fd, HDIO_GETGEO, &geometry));
	SHOW(ioctl(fd, FIONREAD, &number));
	SHOW(ioctl(fd, TCGETS, &number));
	SHOW_BAD(fd, BLKGETSIZE64);
	SHOW_BAD(fd, BLKGETSIZE);
	SHOW_BAD(fd, BLKSSZGET);
	SHOW_BAD(fd, BLKPBSZGET);
	SHOW_BAD(fd, BLKROGET);
	SHOW_BAD(fd, BLKROSET);
	SHOW_BAD(fd, BLKRAGET);
	SHOW_BAD(fd, BLKBSZGET);
	SHOW_BAD(fd, BLKBSZSET);
	SHOW_BAD(fd, BLKSECTGET);
	SHOW_BAD(fd, BLKGETDISKSEQ);
	SHOW_BAD(fd, BLKDISCARD);
	SHOW_BAD(fd, BLKZEROOUT);
	SHOW_BAD(fd, BLKSECDISCARD);
	SHOW_BAD(fd, HDIO_GETGEO);
	number = 1;
	SHOW(ioctl(fd, BLKROSET, &number));
	SHOW(ioctl(fd, BLKROGET, &number));
	printf("read-only %d\n", number);
	SHOW(write(fd, "x", 1));
	number = 0;
	SHOW(ioctl(fd, BLKROSET, &number));
	SHOW(read(fd, nowhere, 512));
	SHOW(write(fd, nowhere, 512));
	SHOW(read(fd, behind, 512));
}

static void show_status(int fd, int number, const struct stat *file)
{
	struct loop_info64 status;
	struct loop_info old;
	memset(&status, 0xee, sizeof status);
	memset(&old, 0xee, sizeof old);
	SHOW(ioctl(fd, LOOP_GET_STATUS64, &status));
	printf("offset %d, limit %d, flags %#x, name '%s', encryption %d, key %d\n", (int)status.lo_offset,
	       (int)status.lo_sizelimit, status.lo_flags, status.lo_file_name, status.lo_encrypt_type,
	       status.lo_encrypt_key_size);
	CHECK(status.lo_number == (unsigned)number && status.lo_inode == file->st_ino);
	CHECK(status.lo_device == file->st_dev);
	SHOW(ioctl(fd, LOOP_GET_STATUS, &old));
	printf("offset %d, flags %#x, name '%s'\n", old.lo_offset, old.lo_flags, old.lo_name);
	CHECK(old.lo_number == number && old.lo_inode == file->st_ino);
}

static void loop_requests(int fd, int number, int image)
{
	struct stat file;
	CHECK(fstat(image, &file) == 0);
	struct loop_info64 status = {0};
	struct loop_info old = {0};
	struct loop_config config = {.fd = image};
	SHOW(ioctl(fd, LOOP_GET_STATUS64, &status));
	SHOW(ioctl(fd, LOOP_GET_STATUS, &old));
	SHOW(ioctl(fd, LOOP_SET_STATUS64, &status));
	SHOW(ioctl(fd, LOOP_CLR_FD, 0));
	SHOW(ioctl(fd, LOOP_SET_CAPACITY, 0));
	SHOW(ioctl(fd, LOOP_SET_FD, -1));
	SHOW(ioctl(fd, LOOP_SET_FD, fd));
	SHOW_BAD(fd, LOOP_CONFIGURE);
	config.__reserved[1] = 1;
	SHOW(ioctl(fd, LOOP_CONFIGURE, &config));
	config.__reserved[1] = 0;
	config.block_size = 300;
	SHOW(ioctl(fd, LOOP_CONFIGURE, &config));
	config.block_size = 0;
	config.fd = -1;
	SHOW(ioctl(fd, LOOP_CONFIGURE, &config));

	SHOW(ioctl(fd, LOOP_SET_FD, image));
	SHOW(ioctl(fd, LOOP_SET_FD, image));
	show_status(fd, number, &file);
	status.lo_flags = LO_FLAGS_AUTOCLEAR;
	status.lo_offset = 4096;
	status.lo_sizelimit = 65536;
	strcpy((char *)status.lo_file_name, "a name");
	SHOW(ioctl(fd, LOOP_SET_STATUS64, &status));
	show_status(fd, number, &file);
	block(fd);
	partitions(fd);
	old.lo_offset = 512;
	old.lo_flags = LO_FLAGS_AUTOCLEAR;
	strcpy(old.lo_name, "another name");
	SHOW(ioctl(fd, LOOP_SET_STATUS, &old));
	show_status(fd, number, &file);
	uint64_t bytes = 0;
	SHOW(ioctl(fd, BLKGETSIZE64, &bytes));
	printf("%d bytes\n", (int)bytes);
	CHECK(ftruncate(image, 2 * IMAGE) == 0);
	SHOW(ioctl(fd, LOOP_SET_CAPACITY, 0));
	SHOW(ioctl(fd, BLKGETSIZE64, &bytes));
	printf("%d bytes\n", (int)bytes);
	SHOW(ioctl(fd, LOOP_SET_DIRECT_IO, 0L));
	SHOW(ioctl(fd, LOOP_SET_BLOCK_SIZE, 300L));
	SHOW(ioctl(fd, LOOP_SET_BLOCK_SIZE, 4096L));
	int sector = -1;
	SHOW(ioctl(fd, BLKSSZGET, &sector));
	printf("sector %d\n", sector);
	SHOW(ioctl(fd, LOOP_CHANGE_FD, image));
	SHOW(ioctl(fd, LOOP_CHANGE_FD, -1));
	SHOW_BAD(fd, LOOP_GET_STATUS64);
	SHOW_BAD(fd, LOOP_GET_STATUS);
	SHOW_BAD(fd, LOOP_SET_STATUS64);
	SHOW_BAD(fd, LOOP_SET_STATUS);
	SHOW(ioctl(fd, LOOP_CLR_FD, 0));
	SHOW(ioctl(fd, LOOP_GET_STATUS64, &status));
}

/* A loop device of the program's own, so that others who look for a free one are not in the way. */
static void loop(void)
{
	int control = open_device("/dev/loop-control", O_RDWR);
	if (control < 0)
		return;
	uint64_t bytes;
	SHOW(ioctl(control, LOOP_CTL_GET_FREE) >= 0);
	SHOW(ioctl(control, LOOP_CTL_REMOVE, -1L));
	SHOW(ioctl(control, LOOP_CTL_REMOVE, 1000000L));
	SHOW(ioctl(control, BLKGETSIZE64, &bytes));
	int number = 4096 + getpid() % 500000;
	int added = ioctl(control, LOOP_CTL_ADD, (long)number);
	SHOW(added == number);
	if (added != number)
		return;
	SHOW(ioctl(control, LOOP_CTL_ADD, (long)number));
	SHOW(mknod("loop", S_IFBLK | 0600, makedev(LOOP_MAJOR_NUMBER, number)));
	int image = open("image", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	CHECK(image >= 0 && ftruncate(image, IMAGE) == 0);
	int fd = open_device("loop", O_RDWR);
	if (fd >= 0) {
		loop_requests(fd, number, image);
		close(fd);
		fd = open_device("loop", O_RDWR);
		/* Attached in one step, and let go by the last close. */
		struct loop_config config = {
			.fd = image, .block_size = 1024,
			.info = {.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_READ_ONLY, .lo_file_name = "in one step"},
		};
		struct stat file;
		CHECK(fstat(image, &file) == 0);
		SHOW(ioctl(fd, LOOP_CONFIGURE, &config));
		SHOW(ioctl(fd, LOOP_CONFIGURE, &config));
		show_status(fd, number, &file);
		SHOW(ioctl(control, LOOP_CTL_REMOVE, (long)number));
		ioctl(fd, LOOP_CLR_FD, 0);
		close(fd);
	}
	int removed = -1;
	for (int i = 0; i < 100 && (removed = ioctl(control, LOOP_CTL_REMOVE, (long)number)) != 0; i++)
		usleep(20000);
	SHOW(removed);
	unlink("loop");
	SHOW(ioctl(control, LOOP_CTL_REMOVE, (long)number));
}

static void random_numbers(void)
{
	int fd = open_device("/dev/random", O_RDWR);
	if (fd < 0)
		return;
	int count = -1;
	struct {
		int count, size;
		unsigned words[4];
	} entropy = {0, 16, {1, 2, 3, 4}};
	SHOW(ioctl(fd, RNDGETENTCNT, &count));
	CHECK(count >= 0);
	SHOW(ioctl(fd, RNDADDENTROPY, &entropy));
	entropy.count = -1;
	SHOW(ioctl(fd, RNDADDENTROPY, &entropy));
	entropy.count = 0;
	entropy.size = -1;
	SHOW(ioctl(fd, RNDADDENTROPY, &entropy));
	count = -1;
	SHOW(ioctl(fd, RNDADDTOENTCNT, &count));
	count = 0;
	SHOW(ioctl(fd, RNDADDTOENTCNT, &count));
	SHOW(ioctl(fd, RNDRESEEDCRNG, 0));
	SHOW(ioctl(fd, RNDGETPOOL, &entropy));
	SHOW_BAD(fd, RNDGETENTCNT);
	SHOW_BAD(fd, RNDADDENTROPY);
	SHOW_BAD(fd, RNDADDTOENTCNT);
	SHOW(read(fd, nowhere, 4));
	SHOW(read(fd, behind, 4));
	SHOW(write(fd, nowhere, 4));
	SHOW(write(fd, behind, 4));
	SHOW(write(fd, "text", 4));
	close(fd);
}

/* Devices that have no requests. */
static void plain(void)
{
	static const char *const names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/urandom"};
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		int fd = open_device(names[i], O_RDWR), number = 0;
		char bytes[8];
		SHOW(ioctl(fd, FIONREAD, &number));
		SHOW(ioctl(fd, FIONBIO, &number));
		SHOW(ioctl(fd, TCGETS, &number));
		SHOW(ioctl(fd, BLKGETSIZE64, &number));
		SHOW(ioctl(fd, LOOP_CLR_FD, 0));
		SHOW_BAD(fd, FIONBIO);
		SHOW(read(fd, bytes, sizeof bytes));
		SHOW(read(fd, nowhere, 8));
		SHOW(read(fd, behind, 8));
		SHOW(write(fd, bytes, sizeof bytes));
		SHOW(write(fd, nowhere, 8));
		SHOW(write(fd, behind, 8));
		close(fd);
	}
}

static void console(void)
{
	int fd = open_device("/dev/tty0", O_RDWR | O_NOCTTY), number = -1;
	if (fd < 0)
		return;
	long word = -1;
	char byte = 0x7e;
	struct vt_stat state = {0};
	struct vt_mode mode = {0};
	SHOW(ioctl(fd, VT_GETSTATE, &state));
	printf("active %d, state %#x\n", state.v_active, state.v_state);
	SHOW(ioctl(fd, VT_OPENQRY, &number));
	printf("free %d\n", number);
	SHOW(ioctl(fd, VT_GETMODE, &mode));
	printf("mode %d\n", mode.mode);
	SHOW(ioctl(fd, VT_GETHIFONTMASK, &number));
	SHOW(ioctl(fd, VT_RELDISP, 0L));
	SHOW(ioctl(fd, VT_ACTIVATE, 1000L));
	SHOW(ioctl(fd, VT_DISALLOCATE, 1000L));
	SHOW(ioctl(fd, KDGETMODE, &number));
	printf("mode %d\n", number);
	SHOW(ioctl(fd, KDSETMODE, 99L));
	SHOW(ioctl(fd, KDGKBTYPE, &byte));
	printf("keyboard %d\n", byte);
	SHOW(ioctl(fd, KDGKBMODE, &number));
	printf("keyboard's mode %d\n", number);
	SHOW(ioctl(fd, KDSKBMODE, 99L));
	SHOW(ioctl(fd, KDGKBMETA, &word));
	SHOW(ioctl(fd, KDGKBLED, &byte));
	SHOW(ioctl(fd, KDGETLED, &byte));
	struct kbentry entry = {0, 30, 0};
	SHOW(ioctl(fd, KDGKBENT, &entry));
	printf("key 30: %#x\n", entry.kb_value);
	struct kbsentry text = {.kb_func = 0};
	SHOW(ioctl(fd, KDGKBSENT, &text));
	struct kbkeycode code = {.scancode = 30};
	SHOW_ERROR(ioctl(fd, KDGETKEYCODE, &code));
	static struct kbdiacrs accents;
	SHOW(ioctl(fd, KDGKBDIACR, &accents));
	printf("%u accents\n", accents.kb_cnt);
	unsigned char colours[48] = {0};
	SHOW(ioctl(fd, GIO_CMAP, colours));
	printf("colour 1: %d\n", colours[3] + colours[4] + colours[5]);
	unsigned char map[E_TABSZ];
	SHOW(ioctl(fd, GIO_SCRNMAP, map));
	static unsigned short wide_map[E_TABSZ];
	SHOW(ioctl(fd, GIO_UNISCRNMAP, wide_map));
	struct winsize size = {0};
	SHOW(ioctl(fd, TIOCGWINSZ, &size));
	byte = 6;
	SHOW(ioctl(fd, TIOCLINUX, &byte));
	byte = 99;
	SHOW(ioctl(fd, TIOCLINUX, &byte));
	SHOW_BAD(fd, VT_GETSTATE);
	SHOW_BAD(fd, VT_OPENQRY);
	SHOW_BAD(fd, VT_GETMODE);
	SHOW_BAD(fd, VT_SETMODE);
	SHOW_BAD(fd, KDGETMODE);
	SHOW_BAD(fd, KDGKBTYPE);
	SHOW_BAD(fd, KDGKBMODE);
	SHOW_BAD(fd, KDGKBENT);
	SHOW_BAD(fd, KDSKBENT);
	SHOW_BAD(fd, KDGKBSENT);
	SHOW_BAD(fd, KDGKBDIACR);
	SHOW_BAD(fd, GIO_CMAP);
	SHOW_BAD(fd, PIO_CMAP);
	SHOW_BAD(fd, GIO_SCRNMAP);
	SHOW_BAD(fd, PIO_SCRNMAP);
	SHOW_BAD(fd, GIO_UNISCRNMAP);
	SHOW_BAD(fd, TIOCLINUX);
	SHOW_BAD(fd, GIO_FONT);
	SHOW_BAD(fd, PIO_FONT);
	close(fd);
}

/* Tables behind an address in the argument: the console's characters and its font. */
static void console_tables(void)
{
	int fd = open_device("/dev/tty0", O_RDWR | O_NOCTTY);
	if (fd < 0)
		return;
	static struct unipair pairs[4096];
	struct unimapdesc characters = {0, pairs};
	SHOW(ioctl(fd, GIO_UNIMAP, &characters));
	printf("%d characters\n", characters.entry_ct);
	characters.entry_ct = 4096;
	SHOW(ioctl(fd, GIO_UNIMAP, &characters));
	printf("%d characters, first %#x at %d\n", characters.entry_ct, pairs[0].unicode, pairs[0].fontpos);
	characters.entries = nowhere;
	characters.entry_ct = 4096;
	SHOW(ioctl(fd, GIO_UNIMAP, &characters));
	characters.entry_ct = 4;
	SHOW(ioctl(fd, PIO_UNIMAP, &characters));
	SHOW_BAD(fd, GIO_UNIMAP);
	SHOW_BAD(fd, PIO_UNIMAP);
	static unsigned char font[32 * 512];
	struct console_font_op op = {.op = KD_FONT_OP_GET, .width = 8, .height = 32, .charcount = 512, .data = font};
	SHOW(ioctl(fd, KDFONTOP, &op));
	printf("%u x %u, %u characters\n", op.width, op.height, op.charcount);
	op = (struct console_font_op){.op = KD_FONT_OP_SET, .width = 8, .height = 16, .charcount = 256, .data = nowhere};
	SHOW(ioctl(fd, KDFONTOP, &op));
	op.op = 99;
	SHOW(ioctl(fd, KDFONTOP, &op));
	SHOW_BAD(fd, KDFONTOP);
	struct kbd_repeat repeat = {-1, -1};
	SHOW_ERROR(ioctl(fd, KDKBDREP, &repeat));
	SHOW_BAD(fd, KDKBDREP);
	close(fd);
}

/* linux/kvm.h is no header of the sysroot. */
enum {
	KVM_GET_API_VERSION = 0xae00, KVM_CREATE_VM = 0xae01, KVM_CHECK_EXTENSION = 0xae03,
	KVM_GET_VCPU_MMAP_SIZE = 0xae04, KVM_CREATE_VCPU = 0xae41, KVM_RUN = 0xae80, KVM_CAP_USER_MEMORY = 3,
};

static void machines(void)
{
	int fd = open_device("/dev/kvm", O_RDWR);
	if (fd < 0)
		return;
	SHOW(ioctl(fd, KVM_GET_API_VERSION, 0L));
	SHOW(ioctl(fd, KVM_GET_API_VERSION, 1L));
	SHOW(ioctl(fd, KVM_CHECK_EXTENSION, (long)KVM_CAP_USER_MEMORY));
	SHOW(ioctl(fd, KVM_CHECK_EXTENSION, 99999L));
	SHOW(ioctl(fd, KVM_GET_VCPU_MMAP_SIZE, 0L) > 0);
	SHOW(ioctl(fd, KVM_RUN, 0L));
	int machine = ioctl(fd, KVM_CREATE_VM, 0L);
	SHOW_ERROR(machine);
	if (machine >= 0) {
		SHOW(ioctl(machine, KVM_GET_API_VERSION, 0L));
		SHOW(ioctl(machine, KVM_CREATE_VCPU, -1L));
		close(machine);
	}
	SHOW(read(fd, &fd, 1));
	close(fd);
}

static void user_file_systems(void)
{
	int fd = open_device("/dev/fuse", O_RDWR | O_NONBLOCK), other = fd;
	if (fd < 0)
		return;
	static char room[8192 * 2];
	const unsigned long clone = 0x8004e500;
	SHOW(read(fd, room, sizeof room));
	SHOW(read(fd, nowhere, sizeof room));
	SHOW(write(fd, room, 16));
	SHOW(ioctl(fd, clone, &other));
	other = -1;
	SHOW(ioctl(fd, clone, &other));
	SHOW_BAD(fd, clone);
	struct {
		int fd;
		unsigned flags;
		uint64_t rest;
	} backing = {-1, 0, 0};
	SHOW(ioctl(fd, 0x4010e501, &backing));
	SHOW_BAD(fd, 0x4010e501);
	struct pollfd polled = {fd, POLLIN, 0};
	SHOW(poll(&polled, 1, 0));
	printf("events %#x\n", polled.revents);
	close(fd);
}

static void serial_ports(void)
{
	int fd = open_device("/dev/ttyS0", O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return;
	struct serial_struct port;
	memset(&port, 0xee, sizeof port);
	SHOW(ioctl(fd, TIOCGSERIAL, &port));
	printf("type %d, line %d, port %#x, irq %d, speed %d, memory %d %d, high %u, map %d\n", port.type, port.line,
	       port.port, port.irq, port.baud_base, port.iomem_base == NULL, port.iomem_reg_shift, port.port_high,
	       (int)port.iomap_base);
	SHOW_BAD(fd, TIOCGSERIAL);
	SHOW_BAD(fd, TIOCSSERIAL);
	close(fd);
}

/* How this machine is called by the sockets between machines. */
static void sockets_between_machines(void)
{
	int fd = open_device("/dev/vsock", O_RDONLY);
	unsigned number = 0xeeeeeeee;
	if (fd < 0)
		return;
	SHOW(ioctl(fd, 0x7b9, &number));
	printf("number %u\n", number);
	SHOW_BAD(fd, 0x7b9);
	close(fd);
}

int main(void)
{
	in_child("loop", loop);
	in_child("random numbers", random_numbers);
	in_child("plain", plain);
	in_child("console", console);
	in_child("console's tables", console_tables);
	in_child("serial ports", serial_ports);
	in_child("machines", machines);
	in_child("sockets between machines", sockets_between_machines);
	in_child("user file systems", user_file_systems);
	return check_status();
}
