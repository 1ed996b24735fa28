# Tiếp nhận tại quầy: nháp, nhiều thủ tục, làn giải quyết ngay. Không dùng đại từ.
