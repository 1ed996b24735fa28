# Bảo mật và kiểm tra: xác thực hai lớp, khóa, nhật ký. Không dùng đại từ.
