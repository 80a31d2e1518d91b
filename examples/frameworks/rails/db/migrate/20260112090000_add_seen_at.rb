class AddSeenAt < ActiveRecord::Migration[6.1]
  def change
    add_column :visits, :seen_at, :datetime
  end
end
