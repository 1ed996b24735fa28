# Quản trị: đơn vị, vị trí, tài khoản, lịch, sắp xếp lại. Không dùng đại từ.
